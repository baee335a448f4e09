import { python, type CorpusTheme } from './corpus-case';

const SCRIPT = '"mode": "script"';

/** A script that is a program, with no main() asked for. */
export const PROGRAMS: CorpusTheme = {
  theme: 'mode "script"',
  cases: [
    {
      name: 'gives the value of a last expression',
      script: 'x = 20\nx * 2 + 2',
      request: SCRIPT,
      answer: { result: '42' },
    },
    {
      name: 'gives null where the last statement is none',
      script: 'x = 20\nprint(x)\nif x:\n    x',
      request: SCRIPT,
      answer: { result: 'null', stdout: '20\n' },
    },
    {
      name: 'of nothing at all gives null',
      script: '# nothing',
      request: SCRIPT,
      answer: { result: 'null' },
    },
    {
      name: 'runs what is under the guard of a program, and calls no main by itself',
      script: python`
        def main():
            print("called")
            return 1
        if __name__ == "__main__":
            print(__name__, main())
      `,
      request: SCRIPT,
      answer: { result: 'null', stdout: 'called\n__main__ 1\n' },
    },
    {
      name: 'has its inputs as global names',
      script: 'def total():\n    return price * amount\ntotal()',
      request: `${SCRIPT}, "inputs": {"price": 2.50, "amount": 4}`,
      answer: { result: '10.0' },
    },
    {
      name: 'refuses inputs that are no names',
      script: '1',
      request: `${SCRIPT}, "inputs": {"class": 1, "a-b": 2, "__name__": 3, "": 4}`,
      answer: { code: 'INVALID_INPUTS', error: /"class".*"a-b".*"__name__".*""/ },
    },
    {
      name: 'that ends by SystemExit without a status, or with 0, has succeeded',
      script: 'print("done")\nraise SystemExit\n',
      request: SCRIPT,
      answer: { result: 'null', stdout: 'done\n' },
    },
    {
      name: 'that ends with a status of 256 has not',
      script: 'raise SystemExit(256)',
      request: SCRIPT,
      answer: { code: 'SCRIPT_EXITED', error: /sys\.exit\(256\)/, line: 1, column: 1, exitCode: 0 },
    },
    {
      name: 'of a list within itself is told so',
      script: 'a = []\na.append(a)\na',
      request: SCRIPT,
      answer: { code: 'RESULT_NOT_SERIALIZABLE', error: /result\[0\]/ },
    },
    {
      name: 'that ends with a status tells it',
      script: 'print("bad")\nraise SystemExit(3)',
      request: SCRIPT,
      answer: {
        code: 'SCRIPT_EXITED',
        error: 'Script called sys.exit(3) (line 2)',
        line: 2,
        column: 1,
        exitCode: 3,
        stdout: 'bad\n',
      },
    },
    {
      name: 'that ends with a message has status 1, and the message on stderr',
      script: 'raise SystemExit("no data")',
      request: SCRIPT,
      answer: {
        code: 'SCRIPT_EXITED',
        error: /no data/,
        line: 1,
        column: 1,
        exitCode: 1,
        stderr: 'no data\n',
      },
    },
    {
      name: 'tells the line of an error in its last expression',
      script: 'x = 0\n(1 +\n  1 / x)',
      request: SCRIPT,
      answer: {
        code: 'SCRIPT_ERROR',
        error: 'ZeroDivisionError: division by zero (line 3)',
        line: 3,
        column: 3,
      },
    },
    {
      name: 'shows a function of its own in the traceback',
      script: 'def f():\n    return 1 / 0\nf()',
      request: SCRIPT,
      answer: {
        code: 'SCRIPT_ERROR',
        error: 'ZeroDivisionError: division by zero (line 2)',
        line: 2,
        column: 12,
        traceback: /line 3, in <module>[^]*line 2, in f/,
      },
    },
    {
      name: 'has the syntax errors of CPython',
      script: 'x = (1\n',
      request: SCRIPT,
      answer: {
        code: 'SYNTAX_ERROR',
        error: "SyntaxError: '(' was never closed (line 1, column 5)",
        line: 1,
        column: 5,
      },
    },
    {
      name: 'that returns outside of a function is one as well',
      script: 'x = 1\nreturn x',
      request: SCRIPT,
      answer: { code: 'SYNTAX_ERROR', error: /'return' outside function/, line: 2, column: 'any' },
    },
    {
      name: 'converts its value as a returned one',
      script: 'import datetime\n{1: {2, 1}, "d": datetime.date(2026, 1, 2)}',
      request: SCRIPT,
      answer: { result: '{"1": [1, 2], "d": "2026-01-02"}' },
    },
    {
      name: 'whose value has no form is told so',
      script: 'object()',
      request: SCRIPT,
      answer: { code: 'RESULT_NOT_SERIALIZABLE', error: /object/ },
    },
    {
      name: 'is refused what a function is refused',
      script: 'import os\nos.getcwd()',
      request: SCRIPT,
      answer: {
        code: 'POLICY_VIOLATION',
        error: 'Dangerous operation detected: import os',
        line: 1,
        column: 8,
      },
    },
    {
      name: '"function" is what holds where none is named',
      script: 'def main():\n    return __name__',
      request: '"mode": "function"',
      answer: { result: '"script"' },
    },
  ],
};
