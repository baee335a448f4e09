/** The scripts that are measured. */

export const WORKS = {
  hello: 'def main():\n    print("Hello")\n    return {"message": "Hello"}',
  pandas: [
    'import numpy as np',
    'import pandas as pd',
    'def main():',
    '    frame = pd.DataFrame({"group": list("abcd") * 250, "value": np.arange(1000.0)})',
    '    print(frame.head())',
    '    return frame.groupby("group")["value"].mean()',
  ].join('\n'),
};

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
