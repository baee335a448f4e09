import { python, type CorpusTheme } from './corpus-case';

const NO_FILES = {
  answer: { code: 'INVALID_REQUEST', error: /^Field files is not taken here/ },
  reason: 'runs can write no file there',
} as const;
const NOTHING_LEFT = {
  answer: { code: 'SCRIPT_ERROR', error: /./, line: 3, column: 'any' },
  reason: 'runs can write no file there',
} as const;

export const STANDARD_INPUT: CorpusTheme = {
  theme: 'standard input',
  cases: [
    {
      name: 'is empty where none was sent',
      script: 'import fileinput\ndef main():\n    return list(fileinput.input())',
      answer: { result: '[]' },
    },
    {
      name: 'is what was sent, line by line and in all its characters',
      script: 'import fileinput\ndef main():\n    return [line for line in fileinput.input()]',
      request: '"stdin": "één\\n\\tzwei 😀\\r\\nlast"',
      answer: { result: '["één\\n", "\\tzwei 😀\\n", "last"]' },
    },
    {
      name: 'opens input() in a jail, and not in local mode',
      script: 'def main():\n    n = int(input())\n    return [n, input("again? ")]',
      request: '"stdin": "2\\nyes\\n"',
      answer: {
        code: 'POLICY_VIOLATION',
        error: 'Dangerous operation detected: input(',
        line: 2,
        column: 13,
      },
      inCloud: { answer: { result: '[2, "yes"]', stdout: 'again? ' }, reason: 'the jail is the wall there' },
    },
    {
      name: 'that is empty opens it as well',
      script:
        'def main():\n    try:\n        return input()\n    except EOFError as error:\n        return str(error)',
      request: '"stdin": ""',
      answer: {
        code: 'POLICY_VIOLATION',
        error: 'Dangerous operation detected: input(',
        line: 3,
        column: 16,
      },
      inCloud: { answer: { result: '"EOF when reading a line"' }, reason: 'the jail is the wall there' },
    },
    {
      name: 'that was not sent leaves input() refused, with the way that is open',
      script: 'def main():\n    return input()',
      answer: {
        code: 'POLICY_VIOLATION',
        error: 'Dangerous operation detected: input(',
        line: 2,
        column: 12,
        hint: /"stdin"/,
      },
    },
  ],
};

export const FILES_IN: CorpusTheme = {
  theme: 'files',
  cases: [
    {
      name: 'lie in the working folder, as text and as bytes',
      script: python`
        from pathlib import Path
        def main():
            return [Path("data/sales.csv").read_text(), list(Path("b.bin").read_bytes()), sorted(p.name for p in Path(".").iterdir())]
      `,
      request:
        '"files": [{"name": "data/sales.csv", "text": "a,b\\n1,é\\n"}, {"name": "b.bin", "base64": "AP8K"}]',
      answer: { result: '["a,b\\n1,é\\n", [0, 255, 10], ["b.bin", "data", "output"]]' },
      insideGvisor: NO_FILES,
    },
    {
      name: 'can be read by pandas',
      script: 'import pandas as pd\ndef main():\n    return pd.read_csv("data.csv")["n"].sum()',
      request: '"files": [{"name": "data.csv", "text": "n\\n1\\n2\\n"}]',
      answer: { result: '3' },
      insideGvisor: NO_FILES,
    },
    {
      name: 'open open() in a jail, and not in local mode',
      script: 'def main():\n    with open("a.txt") as file:\n        return file.read()',
      request: '"files": [{"name": "a.txt", "text": "x"}]',
      answer: { code: 'POLICY_VIOLATION', error: 'Dangerous operation detected: open(', line: 2, column: 10 },
      inCloud: { answer: { result: '"x"' }, reason: 'the jail is the wall there' },
      insideGvisor: NO_FILES,
    },
    {
      name: 'that were not sent are named by the hint',
      script: 'import pandas as pd\ndef main():\n    return pd.read_csv("data.csv")',
      answer: { code: 'SCRIPT_ERROR', error: /FileNotFoundError/, line: 3, column: 'any', hint: /"files"/ },
    },
  ],
};

export const FILES_OUT: CorpusTheme = {
  theme: 'artifacts',
  cases: [
    {
      name: 'are the files in output/, by name, folders included',
      script: python`
        from pathlib import Path
        def main():
            Path("output/z.txt").write_text("z")
            Path("output/sub").mkdir()
            Path("output/sub/a.json").write_text("[1]")
            Path("elsewhere.txt").write_text("no")
            return 1
      `,
      answer: {
        result: '1',
        artifacts: [
          ['sub/a.json', '[1]'],
          ['z.txt', 'z'],
        ],
      },
      insideGvisor: { ...NOTHING_LEFT, answer: { ...NOTHING_LEFT.answer, line: 3 } },
    },
    {
      name: 'come with an error as well',
      script:
        'from pathlib import Path\ndef main():\n    Path("output/log.txt").write_text("so far")\n    return 1 / 0',
      answer: {
        code: 'SCRIPT_ERROR',
        error: 'ZeroDivisionError: division by zero (line 4)',
        line: 4,
        column: 12,
        artifacts: [['log.txt', 'so far']],
      },
      insideGvisor: NOTHING_LEFT,
    },
    {
      name: 'are written by what runs at exit, and by threads that are waited for',
      script: python`
        import atexit, threading, time
        from pathlib import Path
        def main():
            atexit.register(lambda: Path("output/a").write_text("exit"))
            threading.Thread(target=lambda: (time.sleep(0.05), Path("output/b").write_text("thread"))).start()
            return 1
      `,
      answer: {
        result: '1',
        artifacts: [
          ['a', 'exit'],
          ['b', 'thread'],
        ],
      },
      insideGvisor: { answer: { result: '1', stderr: 'any' }, reason: 'runs can write no file there' },
    },
    {
      name: 'that are too many are refused',
      script:
        'from pathlib import Path\ndef main():\n    for n in range(65):\n        Path(f"output/{n}").touch()',
      answer: { code: 'ARTIFACTS_TOO_LARGE', error: /64 files and 8388608 bytes: there are more files/ },
      insideGvisor: { ...NOTHING_LEFT, answer: { ...NOTHING_LEFT.answer, line: 4 } },
    },
  ],
};

export const OWN_LIMITS: CorpusTheme = {
  theme: 'limits of a request',
  cases: [
    {
      name: 'end a run sooner, and are named',
      script: 'import time\ndef main():\n    time.sleep(60)',
      request: '"limits": {"timeoutMs": 1250}',
      answer: { code: 'TIMEOUT', error: 'Script ran longer than the limit of 1.25 seconds', line: 3 },
    },
    {
      name: 'let it have less memory, and are named',
      script: 'def main():\n    return len(bytearray(100 << 20))',
      request: '"limits": {"memoryMb": 64}',
      answer: { code: 'MEMORY_LIMIT', error: /than the limit of 64 MB/, line: 2, column: 'any' },
    },
    {
      name: 'that are empty change nothing',
      script: 'def main():\n    return len(bytearray(100 << 20))',
      request: '"limits": {}',
      answer: { result: '104857600' },
    },
  ],
};
