/**
 * The runs of the soak, and the answer that each must get. `n` is the number of the run: answers that carry it prove
 * that nobody gets another's. `share`: how many of a thousand runs.
 */

/** What the server is started with; the cases below know these values. */
export const LIMITS = {
  SCRIPT_TIMEOUT: '1',
  MEMORY_LIMIT_MB: '128',
  MAX_OUTPUT_BYTES: '262144',
  MAX_RESULT_BYTES: '1048576',
  TMP_SIZE_MB: '4',
};

const main = (...lines) => ['def main():', ...lines.map((line) => `    ${line}`)].join('\n');
const returned = (result, stdout = '') => ({ status: 200, result, stdout });
const failed = (code, text) => ({ status: 422, code, text });

export const CASES = [
  {
    name: 'hello',
    share: 440,
    script: (n) => main(`print("Hello ${n}")`, `return {"message": "Hello", "number": ${n}}`),
    expected: (n) => returned({ message: 'Hello', number: n }, `Hello ${n}\n`),
  },
  {
    name: 'pandas',
    share: 180,
    script: (n) =>
      [
        'import pandas as pd',
        main(
          `frame = pd.DataFrame({"group": list("ab") * 50, "value": [${n}, ${n} + 1] * 50})`,
          'print(frame.head(1).to_csv(index=False), end="")',
          'return frame.groupby("group")["value"].mean()',
        ),
      ].join('\n'),
    expected: (n) => returned({ a: n, b: n + 1 }, `group,value\na,${n}\n`),
  },
  {
    name: 'exception',
    share: 80,
    script: (n) => main(`print(${n})`, `raise ValueError("number ${n}")`),
    expected: (n) => ({ ...failed('SCRIPT_ERROR', `ValueError: number ${n}`), stdout: `${n}\n` }),
  },
  {
    name: 'syntax error',
    share: 40,
    script: () => 'def main(:\n    return 1',
    expected: () => ({ status: 400, code: 'SYNTAX_ERROR' }),
  },
  {
    name: 'no main',
    share: 10,
    script: () => 'x = 1',
    expected: () => ({ status: 400, code: 'MAIN_MISSING' }),
  },
  {
    name: 'time-out, computing',
    share: 2,
    script: () => main('while True: pass'),
    expected: () => failed('TIMEOUT'),
  },
  {
    name: 'time-out, sleeping',
    share: 2,
    script: () => `import time\n${main('print("before")', 'time.sleep(30)')}`,
    expected: () => ({ ...failed('TIMEOUT'), stdout: 'before\n' }),
  },
  {
    name: 'memory limit, at once',
    share: 20,
    script: () => main('return len(bytearray(1 << 30))'),
    expected: () => failed('MEMORY_LIMIT'),
  },
  {
    name: 'memory limit, bit by bit',
    share: 16,
    script: () => main('kept = []', 'while True: kept.append(bytearray(1 << 20))'),
    expected: () => failed('MEMORY_LIMIT'),
  },
  {
    name: 'output flood',
    share: 20,
    script: () => main('while True: print("x" * 1000)'),
    expected: () => failed('OUTPUT_LIMIT'),
  },
  {
    name: 'sys.exit',
    share: 20,
    script: () => `import sys\n${main('sys.exit(3)')}`,
    expected: () => failed('SCRIPT_EXITED', 'sys.exit(3)'),
  },
  {
    name: 'os._exit',
    share: 20,
    script: () => `import os\n${main('os._exit(7)')}`,
    expected: () => failed('SCRIPT_EXITED', 'exit code 7'),
  },
  {
    name: 'segfault',
    share: 20,
    script: () => `import ctypes\n${main('ctypes.string_at(0)')}`,
    expected: () => failed('SCRIPT_CRASHED', 'SIGSEGV'),
  },
  {
    name: 'threads left behind',
    share: 20,
    script: (n) =>
      [
        'import threading, time',
        main('for _ in range(4): threading.Thread(target=time.sleep, args=(60,)).start()', `return ${n}`),
      ].join('\n'),
    expected: (n) => returned(n),
  },
  {
    name: 'files that fill /tmp',
    share: 30,
    // The working folder is the run's own /tmp in the jail, and its own folder without one.
    script: () =>
      [
        'import os',
        main(
          'found = os.listdir(".")',
          'size = 0',
          'for name in "abcdefgh":',
          '    try:',
          '        with open(name, "wb", buffering=0) as file:',
          '            while size < 6 << 20: size += file.write(bytes(1 << 16))',
          '    except OSError: pass',
          'os.mkdir("folder", 0)',
          'return {"found": found, "is_full": size >= 4_000_000}',
        ),
      ].join('\n'),
    expected: () => returned({ found: [], is_full: true }),
  },
  {
    name: 'descriptors left open',
    share: 20,
    script: (n) => `import os\n${main('kept = [os.pipe() for _ in range(20)]', `return ${n}`)}`,
    expected: (n) => returned(n),
  },
  {
    name: 'large result',
    share: 20,
    script: () => main('return "x" * 1_000_000'),
    expected: () => returned('x'.repeat(1_000_000)),
  },
  {
    name: 'result too large',
    share: 10,
    script: () => main('return "x" * 2_000_000'),
    expected: () => failed('RESULT_TOO_LARGE'),
  },
  {
    name: 'client gone while the script runs',
    share: 15,
    script: () => `import time\n${main('time.sleep(0.8)')}`,
    goesAfterMs: 100,
  },
  {
    name: 'client gone at once',
    share: 10,
    script: () => `import pandas\n${main('while True: pass')}`,
    goesAfterMs: 3,
  },
  {
    name: 'client gone in the middle of its request',
    share: 5,
    script: () => main('return 1'),
    goesAfterMs: 5,
    sendsHalf: true,
  },
];

/** Returns what is wrong with an answer, null when it is the expected one. */
export function faultIn({ status, body }, expected) {
  if (status !== expected.status) {
    return `status ${status} instead of ${expected.status}: ${shortened(body.toString())}`;
  }
  const answer = JSON.parse(body.toString());
  const wrong =
    (expected.code !== undefined && answer.code !== expected.code && 'code') ||
    (expected.text !== undefined && !answer.error.includes(expected.text) && 'error') ||
    (expected.stdout !== undefined && answer.stdout !== expected.stdout && 'stdout') ||
    ('result' in expected && JSON.stringify(answer.result) !== JSON.stringify(expected.result) && 'result');
  return wrong ? `wrong ${wrong}: ${shortened(JSON.stringify(answer))}` : null;
}

function shortened(text) {
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}
