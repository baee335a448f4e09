/**
 * The runs of the soak, and the answer that each must get. `n` is the number of the run: answers that carry it prove
 * that no client gets another's answer. `share`: how many of a thousand runs.
 */

import * as hostile from './hostile-scripts.mjs';

/** What the server is started with; the cases below know these values. */
export const LIMITS = {
  SCRIPT_TIMEOUT: '2',
  MEMORY_LIMIT_MB: '128',
  MAX_OUTPUT_BYTES: '262144',
  MAX_RESULT_BYTES: '1048576',
  TMP_SIZE_MB: '4',
};

const lines = (...list) => list.join('\n');
const main = (...list) => lines('def main():', ...list.map((line) => `    ${line}`));
const returned = (result, stdout = '') => ({ status: 200, result, stdout });
const failed = (code, text, stdout) => ({ status: 422, code, text, stdout });
const refused = (code) => ({ status: 400, code });

/** What does not depend on the number of the run may be given as it is. */
const perRun = (value) => (typeof value === 'function' ? value : () => value);
const one = (name, share, script, expected) => ({
  ...{ name, share },
  script: perRun(script),
  expected: perRun(expected),
});
/** A client that goes away before it has its answer. */
const gone = (name, share, goesAfterMs, script, more = {}) => ({
  ...{ name, share, goesAfterMs, ...more },
  script: perRun(script),
});

const hello = (n) => main(`print("Hello ${n}")`, `return {"message": "Hello", "number": ${n}}`);
const groups = (n) =>
  lines(
    'import pandas as pd',
    main(
      `frame = pd.DataFrame({"group": list("ab") * 50, "value": [${n}, ${n} + 1] * 50})`,
      'print(frame.head(1).to_csv(index=False), end="")',
      'return frame.groupby("group")["value"].mean()',
    ),
  );
const threads = (n) =>
  lines(
    'import threading, time',
    main(
      'for _ in range(4): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()',
      `return ${n}`,
    ),
  );
/** The working folder is below the run's own /tmp in the jail, and its own folder without one. */
const files = lines(
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
);
const artifacts = (n) =>
  lines(
    'import os',
    main('os.write(os.open("output/a", os.O_CREAT | os.O_WRONLY), bytes(300_000))', `return ${n}`),
  );
const manyArtifacts = lines(
  'import os',
  main('for n in range(2000): os.close(os.open(f"output/{n}", os.O_CREAT))'),
);
const sleep = lines('import time', main('print("before")', 'time.sleep(30)'));
const descriptors = (n) => lines('import os', main('kept = [os.pipe() for _ in range(20)]', `return ${n}`));
const raising = (n) => main(`print(${n})`, `raise ValueError("number ${n}")`);
const bitByBit = main('kept = []', 'while True: kept.append(bytearray(1 << 20))');
const segfault = lines('import ctypes', main('ctypes.string_at(0)'));

export const CASES = [
  one('hello', 364, hello, (n) => returned({ message: 'Hello', number: n }, `Hello ${n}\n`)),
  one('pandas', 180, groups, (n) => returned({ a: n, b: n + 1 }, `group,value\na,${n}\n`)),
  one('exception', 80, raising, (n) => failed('SCRIPT_ERROR', `ValueError: number ${n}`, `${n}\n`)),
  one('syntax error', 40, 'def main(:\n    return 1', refused('SYNTAX_ERROR')),
  one('no main', 10, 'x = 1', refused('MAIN_MISSING')),
  one('time-out, computing', 2, main('while True: pass'), failed('TIMEOUT')),
  one('time-out, sleeping', 2, sleep, failed('TIMEOUT', undefined, 'before\n')),
  one('memory limit, at once', 20, main('return len(bytearray(1 << 30))'), failed('MEMORY_LIMIT')),
  one('memory limit, bit by bit', 16, bitByBit, failed('MEMORY_LIMIT')),
  one('output flood', 20, main('while True: print("x" * 1000)'), failed('OUTPUT_LIMIT')),
  one('sys.exit', 20, lines('import sys', main('sys.exit(3)')), failed('SCRIPT_EXITED', 'sys.exit(3)')),
  one('os._exit', 20, lines('import os', main('os._exit(7)')), failed('SCRIPT_EXITED', 'exit code 7')),
  one('segfault', 20, segfault, failed('SCRIPT_CRASHED', 'SIGSEGV')),
  one('threads left behind', 20, threads, (n) => returned(n)),
  one('files that fill /tmp', 30, files, returned({ found: ['output'], is_full: true })),
  one('artifacts', 20, artifacts, (n) => returned(n)),
  one('too many artifacts', 6, manyArtifacts, failed('ARTIFACTS_TOO_LARGE')),
  one('descriptors left open', 20, descriptors, (n) => returned(n)),
  one('large result', 20, main('return "x" * 1_000_000'), returned('x'.repeat(1_000_000))),
  one('result too large', 10, main('return "x" * 2_000_000'), failed('RESULT_TOO_LARGE')),
  one('watches and descriptors of a thread', 6, hostile.epollWatches, returned(['EPERM', 'EPERM', 'EPERM'])),
  one('locks', 6, hostile.locks, returned(['did', 'did', 'did'])),
  one('page tables', 4, hostile.pageTables, returned(3000)),
  one('out-of-band data', 6, hostile.outOfBand, returned(['EPERM', 'EPERM'])),
  one('garbage on its own connection', 10, hostile.garbage, failed('SCRIPT_CRASHED')),
  one('output in tiny packets', 4, hostile.tinyPackets, returned(3000, 'x'.repeat(3000))),
  one('first thread gone', 6, hostile.firstThreadGone, (n) => returned(n)),
  one('signals against its own stop', 6, hostile.continuing, (n) => returned(n)),
  one('slow to parse', 2, hostile.slowToParse, refused('SYNTAX_ERROR')),
  gone('client gone while the script runs', 15, 100, lines('import time', main('time.sleep(0.8)'))),
  gone('client gone at once', 10, 3, lines('import pandas', main('while True: pass'))),
  gone('client gone in the middle of its request', 5, 5, main('return 1'), { sendsHalf: true }),
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
