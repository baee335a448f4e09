/** The scripts that a proof of the queue sends, and what each must be answered with: every one has a number of its own. */

/** Stands in a comment of every script, and in nothing that any answer tells: where it is found, a script is. */
export const MARK = 'mark-of-a-script-b1946ac9';

const HTTP_OK = 200;
const HTTP_FAILED = 422;
const CANCELLED = { status: 'cancelled' };

function script(...lines) {
  return [`# ${MARK}`, ...lines].join('\n');
}

const succeeded = (number, stdout = `${number}\n`) => ({
  ...{ status: 'succeeded', httpStatus: HTTP_OK, result: number, stdout },
});
const failed = (code, stdout, error) => ({ status: 'failed', httpStatus: HTTP_FAILED, code, stdout, error });

const hello = (number) => ({
  script: script(`print(${number})`, 'def main():', `    return ${number}`),
});

/**
 * `bodyOf` makes the body of the request; `ends` says how it may end of its own: a status, the status of HTTP, and either result or
 * code of the error, what was printed, and for errors a text that the message has. `share` is that of all.
 */
export const KINDS = [
  { name: 'hello', share: 44, bodyOf: hello, ends: (number) => [succeeded(number)] },
  {
    name: 'sleep',
    share: 22,
    bodyOf: (number, random) => ({
      script: script(
        'import time',
        `print(${number}, flush=True)`,
        'def main():',
        `    time.sleep(${(0.05 + 0.45 * random()).toFixed(3)})`,
        `    return ${number}`,
      ),
    }),
    ends: (number) => [succeeded(number)],
  },
  {
    name: 'raise',
    share: 11,
    bodyOf: (number) => ({
      script: script(`print(${number})`, 'def main():', `    raise ValueError("no ${number}")`),
    }),
    ends: (number) => [failed('SCRIPT_ERROR', `${number}\n`, `no ${number}`)],
  },
  {
    name: 'timeout',
    share: 5,
    bodyOf: (number) => ({
      script: script('import time', `print(${number}, flush=True)`, 'def main():', '    time.sleep(60)'),
      limits: { timeoutMs: 300 },
    }),
    ends: (number) => [failed('TIMEOUT', `${number}\n`, '')],
  },
  {
    name: 'exit',
    share: 4,
    bodyOf: (number) => ({
      script: script(`print(${number})`, 'def main():', `    raise SystemExit(${number % 250})`),
    }),
    ends: (number) => [failed('SCRIPT_EXITED', `${number}\n`, String(number % 250))],
  },
  {
    name: 'much output',
    share: 6,
    bodyOf: (number) => ({
      script: script(
        'def main():',
        '    for line in range(200):',
        `        print("${number}", "." * 40, flush=line % 20 == 0)`,
        `    return ${number}`,
      ),
    }),
    ends: (number) => [succeeded(number, `${number} ${'.'.repeat(40)}\n`.repeat(200))],
  },
  {
    name: 'pandas',
    share: 2,
    bodyOf: (number) => ({
      script: script(
        'import pandas as pd',
        `print(${number})`,
        'def main():',
        `    return int(pd.Series([${number} - 1, 1]).sum())`,
      ),
    }),
    ends: (number) => [succeeded(number)],
  },
  {
    name: 'cancel',
    share: 6,
    // Sometimes it has ended before.
    bodyOf: (number) => ({
      script: script(
        'import time',
        `print(${number}, flush=True)`,
        'def main():',
        '    time.sleep(0.4)',
        `    return ${number}`,
      ),
    }),
    ends: (number) => [CANCELLED, succeeded(number)],
  },
];

export function kindOf(name) {
  const found = KINDS.find((kind) => kind.name === name);
  if (!found) {
    throw new RangeError(`No kind of execution is called ${name}.`);
  }
  return found;
}

const CODE_OF_LOST = 'SANDBOX_UNAVAILABLE';

/** Whether an execution ended because what ran it was lost. */
export function isLost({ status, httpStatus, outcome }) {
  return status === 'failed' && httpStatus === 503 && outcome?.code === CODE_OF_LOST;
}

/** Returns what is wrong with how an execution ended; null when it is its own end, or the word that what ran it was lost. */
export function faultInEnd({ number, kind }, answer) {
  if (isLost(answer)) {
    return null;
  }
  const faults = kindOf(kind)
    .ends(number)
    .map((end) => differenceOf(end, answer));
  return faults.includes(null) ? null : `${faults.join('; or ')}: ${JSON.stringify(answer).slice(0, 400)}`;
}

function differenceOf(end, { status, httpStatus, outcome }) {
  const seen = {
    ...{ status, httpStatus, result: outcome?.result, code: outcome?.code, stdout: outcome?.stdout },
  };
  for (const [name, value] of Object.entries(seen)) {
    if (end[name] !== value) {
      return `${name} is not ${JSON.stringify(end[name])}`;
    }
  }
  return end.error && !outcome.error.includes(end.error) ? `the error does not say ${end.error}` : null;
}
