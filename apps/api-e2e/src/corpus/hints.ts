import { python, type CorpusTheme } from './corpus-case';

const NO_NETWORK = /^A run has no network/;

/** What people are told to do instead: the way from the exception, through the jail, to the body. */
export const HINTS: CorpusTheme = {
  theme: 'hints',
  cases: [
    {
      name: 'a missing package: what there is, and who chooses',
      script: 'from scipy import stats\ndef main():\n    return 1',
      answer: {
        code: 'SCRIPT_ERROR',
        error: "ModuleNotFoundError: No module named 'scipy' (line 1)",
        line: 1,
        column: 1,
        hint: /scipy is not installed here.*whoever runs the service.*Installed are .*numpy \d.*pandas \d/,
      },
    },
    {
      name: 'a package that pandas wants and does not have',
      script:
        'import pandas as pd\ndef main():\n    return pd.Series([1, None, 3, 4]).interpolate(method="quadratic")',
      answer: {
        code: 'SCRIPT_ERROR',
        error: /^ImportError: `Import scipy` failed/,
        line: 3,
        column: 12,
        hint: /^Use numpy and statistics.*scipy is not installed here/,
      },
    },
    {
      name: 'a name that only newer Pythons have',
      script: 'from itertools import frobnicated\ndef main():\n    return 1',
      answer: {
        code: 'SCRIPT_ERROR',
        error: /^ImportError: cannot import name 'frobnicated'/,
        line: 1,
        column: 1,
        hint: /^This service runs Python 3\.\d+, whose itertools has no such name/,
      },
    },
    {
      name: 'no network: a name',
      script: 'import urllib.request\ndef main():\n    urllib.request.urlopen("http://example.invalid")',
      answer: { code: 'SCRIPT_ERROR', error: /URLError/, line: 3, column: 5, hint: NO_NETWORK },
    },
    {
      name: 'no network: an address',
      script:
        'import socket\ndef main():\n    return socket.create_connection(("127.0.0.1", 9), timeout=2) is None',
      answer: { code: 'SCRIPT_ERROR', error: /refused|not permitted/, line: 3, column: 12, hint: NO_NETWORK },
    },
    {
      name: 'no network: asyncio',
      script: 'import asyncio\nasync def main():\n    await asyncio.open_connection("example.invalid", 80)',
      answer: { code: 'SCRIPT_ERROR', error: /gaierror/, line: 3, column: 5, hint: NO_NETWORK },
    },
    {
      name: 'no files of one’s own',
      script: 'import pandas as pd\ndef main():\n    return pd.read_csv("data.csv")',
      answer: {
        code: 'SCRIPT_ERROR',
        error: /^FileNotFoundError/,
        line: 3,
        column: 12,
        hint: /^A run has the files that the request sends in "files"/,
      },
    },
    {
      name: 'the limit of a file, named',
      script:
        'from pathlib import Path\ndef main():\n    Path("/tmp/pycell-large").write_bytes(b"x" * (20 << 20))',
      answer: {
        code: 'SCRIPT_ERROR',
        error: /^OSError: \[Errno (27|28)\]/,
        line: 3,
        column: 5,
        hint: /16 MB.*\(TMP_SIZE_MB\)/,
      },
      insideGvisor: {
        answer: {
          code: 'SCRIPT_ERROR',
          error: /^(OSError|PermissionError)/,
          line: 3,
          column: 5,
          hint: /\/tmp|no file|16 MB/,
        },
        reason: 'there a run writes in a folder of its own below /tmp',
      },
    },
    {
      name: 'main that wants arguments',
      script: 'def main(data):\n    return data',
      answer: {
        code: 'INVALID_INPUTS',
        error: 'The request has no inputs for main(data): "data" is missing',
        hint: /^Send "inputs": \{"data": \.\.\.\}, or give "data" a default value/,
      },
    },
    {
      name: 'main under another name',
      script: 'def Main():\n    return 1',
      answer: {
        code: 'MAIN_MISSING',
        error: 'Script must contain a main() function',
        hint: 'The function is called Main: rename it to main.',
      },
    },
    {
      name: 'main under the guard of a program',
      script: 'if __name__ == "__main__":\n    print(1)',
      answer: {
        code: 'MAIN_MISSING',
        error: 'Script must contain a main() function',
        hint: /put it into def main\(\)/,
      },
    },
    {
      name: 'fences of Markdown',
      script: '```python\ndef main():\n    return 1\n```',
      answer: {
        code: 'SYNTAX_ERROR',
        error: 'SyntaxError: invalid syntax (line 1, column 1)',
        line: 1,
        column: 1,
        hint: /^Leave out the ``` lines/,
      },
    },
    {
      name: 'a command of a notebook',
      script: '!pip install scikit-learn\ndef main():\n    return 1',
      answer: {
        code: 'SYNTAX_ERROR',
        error: 'SyntaxError: invalid syntax (line 1, column 1)',
        line: 1,
        column: 1,
        hint: /^A script cannot install packages/,
      },
    },
    {
      name: 'return outside of a function',
      script: 'items = [1, 2]\nreturn items',
      answer: {
        code: 'SYNTAX_ERROR',
        error: "SyntaxError: 'return' outside function (line 2, column 1)",
        line: 2,
        column: 1,
        hint: /^Put the code into a function/,
      },
    },
    {
      name: 'a refusal, with the way that is open',
      script: 'def main():\n    return eval("1 + 2")',
      answer: {
        code: 'POLICY_VIOLATION',
        error: 'Dangerous operation detected: eval(',
        line: 2,
        column: 12,
        hint: /ast\.literal_eval/,
      },
    },
    {
      name: 'an answer without one where there is nothing to say',
      script: 'def main():\n    return 1 / 0',
      answer: {
        code: 'SCRIPT_ERROR',
        error: 'ZeroDivisionError: division by zero (line 2)',
        line: 2,
        column: 12,
        hint: null,
      },
    },
  ],
};

/** What a script may expect because a program may. */
export const LIKE_A_PROGRAM: CorpusTheme = {
  theme: 'like a program',
  cases: [
    {
      name: 'what threads print after main belongs to the answer',
      script: python`
        import threading, time
        def late():
            time.sleep(0.2)
            print("late")
        def main():
            threading.Thread(target=late).start()
            return 1
      `,
      answer: { result: '1', stdout: 'late\n' },
    },
    {
      name: 'so does what atexit prints',
      script: 'import atexit\natexit.register(print, "bye")\ndef main():\n    print("hi")\n    return 1',
      answer: { result: '1', stdout: 'hi\nbye\n' },
    },
    {
      name: 'recursion goes as deep as in CPython',
      script: 'def s(n): return 0 if n == 0 else 1 + s(n - 1)\ndef main():\n    return s(990)',
      answer: { result: '990' },
    },
    {
      name: 'there is a home and a user',
      script:
        'import getpass\nfrom pathlib import Path\ndef main():\n    return [Path.home().is_dir(), getpass.getuser()]',
      answer: { result: '[true, "sandbox"]' },
    },
    {
      name: 'CPython’s suggestion is in the message',
      script: 'def main():\n    total = 1\n    return totl',
      answer: {
        code: 'SCRIPT_ERROR',
        error: "NameError: name 'totl' is not defined. Did you mean: 'total'? (line 3)",
        line: 3,
        column: 12,
        traceback: /Did you mean: 'total'\?$/,
      },
    },
    {
      name: 'frames of compiled code are shown',
      script: python`
        import codeop, types
        def main():
            code = codeop.compile_command("1/0", "<student>")
            return types.FunctionType(code, {})()
      `,
      answer: {
        code: 'SCRIPT_ERROR',
        error: 'ZeroDivisionError: division by zero (line 4)',
        line: 4,
        column: 12,
        traceback: /File "<student>", line 1/,
      },
    },
  ],
};
