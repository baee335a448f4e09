import { ERROR_CODES, type ErrorCode } from '@pycell/contracts';
import { adviceOn } from './advice';
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
  /** The message of an exception, and of a request that is wrong, says all there is to say. */
  const SELF_EXPLANATORY: readonly ErrorCode[] = [
    'INVALID_REQUEST',
    'NOT_FOUND',
    'METHOD_NOT_ALLOWED',
    'PAYLOAD_TOO_LARGE',
    'UNSUPPORTED_MEDIA_TYPE',
    'SCRIPT_ERROR',
  ];

  it.each(ERROR_CODES.filter((code) => !SELF_EXPLANATORY.includes(code)))(
    'says what to do about %s',
    (code) => {
      const status = ['SANDBOX_BUSY', 'SANDBOX_UNAVAILABLE', 'INTERNAL'].includes(code) ? 503 : 422;
      const error = { error: 'x', code, requestId: 'r' };
      expect(adviceOn({ kind: 'failed', status, error, retryAfterSeconds: null })).not.toBe('');
    },
  );
});
