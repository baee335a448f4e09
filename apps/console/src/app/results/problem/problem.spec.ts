import { ERROR_CODES, STATUSES } from '@pycell/contracts';
import { adviceOn } from '../../outcomes/advice';
import { excerptOf } from './excerpt';
import { readTraceback } from './traceback';

const CHAINED = `Traceback (most recent call last):
  File "script.py", line 5, in main
    f(0)
  File "script.py", line 2, in f
    return 1/x
           ~^~
ZeroDivisionError: division by zero

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "script.py", line 7, in main
    raise ValueError("bad") from e
ValueError: bad
with a second line
`;

describe('readTraceback', () => {
  it('finds the frames with what failed in them, the exceptions and what links them', () => {
    expect(readTraceback(CHAINED)).toEqual([
      { kind: 'frame', line: 5, name: 'main', source: 'f(0)', mark: null },
      { kind: 'frame', line: 2, name: 'f', source: 'return 1/x', mark: { start: 7, end: 10 } },
      { kind: 'exception', text: 'ZeroDivisionError: division by zero' },
      {
        kind: 'link',
        text: 'The above exception was the direct cause of the following exception:',
      },
      { kind: 'frame', line: 7, name: 'main', source: 'raise ValueError("bad") from e', mark: null },
      { kind: 'exception', text: 'ValueError: bad\nwith a second line' },
    ]);
  });

  it('reads a syntax error, which lies in no function', () => {
    const text = '  File "script.py", line 1\n    def main(:\n             ^\nSyntaxError: invalid syntax';
    expect(readTraceback(text)).toEqual([
      { kind: 'frame', line: 1, name: '', source: 'def main(:', mark: { start: 9, end: 10 } },
      { kind: 'exception', text: 'SyntaxError: invalid syntax' },
    ]);
  });

  // Each took minutes when its work grew with the square of the length.
  it.each([
    ['marks', `  File "script.py", line 1\n    x\n${'^'.repeat(1_000_000)}x`],
    ['blanks', `  File "script.py", line 1\n    x\n${' '.repeat(1_000_000)}x`],
    ['line ends', `${'\n'.repeat(1_000_000)}x`],
  ])('takes time in proportion to the length of many %s', (_what, traceback) => {
    const since = performance.now();
    expect(readTraceback(traceback).at(-1)).toMatchObject({ text: expect.stringMatching(/x$/) });
    expect(performance.now() - since).toBeLessThan(5_000);
  });

  it('keeps the word that frames were left out', () => {
    expect(readTraceback('  [Previous line repeated 984 more times]\nRecursionError: x')).toEqual([
      { kind: 'note', text: '[Previous line repeated 984 more times]' },
      { kind: 'exception', text: 'RecursionError: x' },
    ]);
  });
});

describe('excerptOf', () => {
  it('shows the lines around a place', () => {
    expect(excerptOf('a\n  b = 😀 + c\n\nd', 2, 9)).toEqual([
      { number: 1, text: 'a', mark: null },
      { number: 2, text: '  b = 😀 + c', mark: 9 },
    ]);
  });

  it('points at the start of the code where no column is known', () => {
    expect(excerptOf('    x', 1, undefined)).toEqual([{ number: 1, text: '    x', mark: 4 }]);
  });

  it('shows nothing of a line that is not there', () => {
    expect(excerptOf('x', 9, 1)).toEqual([]);
  });
});

describe('adviceOn', () => {
  it('is the hint of the service where it gave one, and of the code otherwise', () => {
    const hint = 'Return list(...) of it.';
    const failure = { error: 'x', code: 'RESULT_NOT_SERIALIZABLE', requestId: 'r' } as const;
    const advice = (error: object): string =>
      adviceOn({
        kind: 'failed',
        status: 422,
        error: { ...failure, ...error },
        retryAfterSeconds: null,
      });
    expect(advice({ hint })).toBe(hint);
    for (const none of [{}, { hint: '' }, { hint: 5 }]) {
      expect(advice(none)).toBe(STATUSES.RESULT_NOT_SERIALIZABLE.advice);
    }
  });

  it.each(ERROR_CODES)('says what to do about %s', (code) => {
    const status = ['SANDBOX_UNAVAILABLE', 'INTERNAL'].includes(code) ? 503 : 422;
    const error = { error: 'x', code, requestId: 'r' };
    expect(adviceOn({ kind: 'failed', status, error, retryAfterSeconds: null })).toMatch(/^[A-Zp].{20,}\.$/);
  });

  it('says first when to try again', () => {
    const error = { error: 'x', code: 'SANDBOX_UNAVAILABLE', requestId: 'r' } as const;
    expect(adviceOn({ kind: 'failed', status: 503, error, retryAfterSeconds: 5 })).toMatch(
      /^Nothing was lost: run it again in 5 seconds\. If it stays so, /,
    );
  });
});
