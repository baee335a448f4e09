import type { CorpusTheme } from './corpus-case';

/** Met soon, but not by the imports before the line that takes its time. */
const SHORT = { SCRIPT_TIMEOUT: '2' };
/** Small, so that they are met soon. The time is none of them: some cases import numpy, on a machine that does other work besides. */
const NARROW = {
  SCRIPT_TIMEOUT: '20',
  MEMORY_LIMIT_MB: '128',
  MAX_OUTPUT_BYTES: '1000',
  MAX_RESULT_BYTES: '1000',
};

export const LIMIT_OF_TIME: CorpusTheme = {
  theme: 'limit of time',
  environment: SHORT,
  cases: [
    {
      name: 'an endless loop is TIMEOUT, names the limit and keeps the output',
      script: 'def main():\n    print("before")\n    while True: pass',
      answer: { code: 'TIMEOUT', error: /limit of 2 s/, line: 3, stdout: 'before\n' },
    },
    {
      name: 'an endless loop in the module body is TIMEOUT',
      script: 'while True: pass\ndef main(): pass',
      answer: { code: 'TIMEOUT', error: /limit of 2 s/, line: 1 },
    },
    {
      name: 'a sleep is TIMEOUT',
      script: 'import time\ndef main():\n    time.sleep(30)',
      answer: { code: 'TIMEOUT', error: /limit of 2 s/, line: 3 },
    },
    {
      name: 'a loop in C that never looks at signals is TIMEOUT',
      script: 'def main():\n    return sum(range(10**12))',
      answer: { code: 'TIMEOUT', error: /limit of 2 s/, line: 2 },
    },
    {
      name: 'a script that swallows every exception is TIMEOUT',
      script:
        'def main():\n    while True:\n        try:\n            while True: pass\n        except BaseException:\n            continue',
      answer: { code: 'TIMEOUT', error: /limit of 2 s/, line: 4 },
    },
    {
      name: 'an async main that waits for ever is TIMEOUT',
      script: 'import asyncio\nasync def main():\n    await asyncio.Event().wait()',
      answer: { code: 'TIMEOUT', error: /limit of 2 s/ },
    },
    {
      name: 'a regular expression that backtracks for ever is TIMEOUT',
      script: 'import re\ndef main():\n    return re.match(r"(a+)+$", "a" * 40 + "b")',
      answer: { code: 'TIMEOUT', error: /limit of 2 s/, line: 3 },
    },
  ],
};

export const LIMITS: CorpusTheme = {
  theme: 'limits',
  environment: NARROW,
  cases: [
    {
      name: 'a bytearray over the limit is MEMORY_LIMIT, names the limit and the line',
      script: 'def main():\n    print("before")\n    return len(bytearray(300 * 1024 * 1024))',
      answer: { code: 'MEMORY_LIMIT', error: /limit of 128 MB/, line: 3, column: 16, stdout: 'before\n' },
    },
    {
      name: 'a list over the limit is MEMORY_LIMIT',
      script: 'def main():\n    return len([0] * 10**9)',
      answer: { code: 'MEMORY_LIMIT', error: /limit of 128 MB/, line: 2, column: 16 },
    },
    {
      name: 'a list that grows over the limit is MEMORY_LIMIT',
      script: 'def main():\n    data = []\n    while True:\n        data.append("x" * 1_000_000)',
      answer: { code: 'MEMORY_LIMIT', error: /limit of 128 MB/, line: 4, column: 'any' },
    },
    {
      name: 'a numpy array over the limit is MEMORY_LIMIT',
      script: 'import numpy as np\ndef main():\n    return np.ones(100_000_000).sum()',
      answer: { code: 'MEMORY_LIMIT', error: /limit of 128 MB/, line: 3, column: 12 },
    },
    {
      name: 'a script that handles MemoryError goes on',
      script:
        'def main():\n    try:\n        bytearray(10**9)\n    except MemoryError:\n        return "handled"',
      answer: { result: '"handled"' },
    },
    {
      name: 'memory below the limit is there',
      script: 'def main():\n    return len(bytearray(100 * 1024 * 1024))',
      answer: { result: '104857600' },
    },
    {
      name: 'memory below the limit is there beside numpy',
      script: 'import numpy as np\ndef main():\n    return int(np.ones(2_000_000).sum())',
      answer: { result: '2000000' },
    },
    {
      name: 'output of exactly the limit is returned whole',
      script: 'def main():\n    print("x" * 999)',
      answer: { result: 'null', stdout: `${'x'.repeat(999)}\n` },
    },
    {
      name: 'output of one byte more is OUTPUT_LIMIT and keeps the first bytes',
      script: 'def main():\n    print("x" * 1000)\n    return 1',
      answer: { code: 'OUTPUT_LIMIT', error: /limit of 1000 bytes/, stdout: 'x'.repeat(1000) },
    },
    {
      name: 'stdout and stderr share the limit',
      script: 'import logging\ndef main():\n    print("x" * 599)\n    logging.warning("y" * 500)',
      answer: {
        code: 'OUTPUT_LIMIT',
        error: /limit of 1000 bytes/,
        stdout: `${'x'.repeat(599)}\n`,
        stderr: /^WARNING:root:y{387}$/,
      },
    },
    {
      name: 'the limit counts bytes and cuts no character in two',
      script: 'def main():\n    print("x" + "é" * 600)',
      answer: { code: 'OUTPUT_LIMIT', error: /limit of 1000 bytes/, stdout: `x${'é'.repeat(499)}` },
    },
    {
      name: 'endless printing is OUTPUT_LIMIT, not TIMEOUT',
      script: 'def main():\n    while True:\n        print("spam")',
      answer: { code: 'OUTPUT_LIMIT', error: /limit of 1000 bytes/, stdout: 'spam\n'.repeat(200) },
    },
    {
      name: 'a result of exactly the limit is returned',
      script: 'def main():\n    return "x" * 998',
      answer: { result: `"${'x'.repeat(998)}"` },
    },
    {
      name: 'a result of one byte more is RESULT_TOO_LARGE and names the limit',
      script: 'def main():\n    print("done")\n    return "x" * 999',
      answer: { code: 'RESULT_TOO_LARGE', error: /limit of 1000 bytes/, stdout: 'done\n' },
    },
    {
      name: 'the size of a result counts UTF-8 bytes',
      script: 'def main():\n    return "é" * 500',
      answer: { code: 'RESULT_TOO_LARGE', error: /limit of 1000 bytes/ },
    },
    {
      name: 'a frame that is too large is RESULT_TOO_LARGE',
      script: 'import numpy as np\ndef main():\n    return np.arange(100_000)',
      answer: { code: 'RESULT_TOO_LARGE', error: /limit of 1000 bytes/ },
    },
  ],
};
