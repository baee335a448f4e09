/** The scripts that are measured. */
import { executeRequest } from './connection.mjs';

/** In this place each request has a number of its own: no script is sent twice, as no two users' are the same. */
const NUMBER = '0000000';

export const WORKS = {
  hello: `def main():\n    print("Hello")\n    return {"message": "Hello ${NUMBER}"}`,
  pandas: [
    'import numpy as np',
    'import pandas as pd',
    'def main():',
    `    number = "${NUMBER}"`,
    '    frame = pd.DataFrame({"group": list("abcd") * 250, "value": np.arange(1000.0)})',
    '    print(frame.head())',
    '    return frame.groupby("group")["value"].mean()',
  ].join('\n'),
  // It comes back as an artifact.
  figure: [
    'import matplotlib.pyplot as plt',
    'def main():',
    '    plt.plot([1, 2, 3])',
    `    plt.title("${NUMBER}")`,
  ].join('\n'),
};

/** What the floor executes besides, where the service does something by itself: it draws the figure into memory. */
const ENDS_OF_FLOOR = {
  figure: ['    import io', '    plt.savefig(io.BytesIO(), format="png")'].join('\n'),
};

/** Returns the script by which a work is measured without the service. */
export function floorScriptOf(work) {
  return [WORKS[work], ENDS_OF_FLOOR[work] ?? ''].join('\n');
}

/** What every commit can do that this one is measured beside. */
export const OLD_WORKS = ['hello', 'pandas'];

/** What a work needs loaded, named as the runner names its zygotes. */
export const ZYGOTE_KINDS = { hello: 'bare', pandas: 'packages', figure: 'figures' };

let requests = 0;

/** Returns a function that returns the next POST /execute of a work: the bytes of the one before but for the number. */
export function requestsOf(work, headers) {
  const pattern = executeRequest(WORKS[work], headers);
  const at = pattern.indexOf(NUMBER);
  return () => {
    const request = Buffer.from(pattern);
    request.latin1Write(String(++requests).padStart(NUMBER.length, '0'), at);
    return request;
  };
}

/** Holds a place for so long, and nothing else. */
export const SLEEPER_SECONDS = 5;
export const SLEEPER = `import time\ndef main():\n    time.sleep(${SLEEPER_SECONDS})`;

/** Holds a run with pandas in use while its memory is measured; `main` sleeps for this long. */
export const HELD_SECONDS = 3;
export const HELD_WORK = [
  'import time',
  'import pandas as pd',
  'def main():',
  '    frame = pd.DataFrame({"group": list("abcd") * 25, "value": range(100)})',
  '    print(frame)',
  `    time.sleep(${HELD_SECONDS})`,
].join('\n');
