import type { ForeignOutcome } from './foreign-outcome';
import { knownLines, withFrontLine } from './front-line';
import { failure, success } from './outcome.contract';

const known = <O extends ForeignOutcome>(outcome: O): O => knownLines(outcome, 1);

describe('A line in front of a script', () => {
  it('is one line of its own, or stands behind what must be first', () => {
    expect(withFrontLine('x = 1\n', 'a(); b()')).toEqual({ script: 'a(); b()\nx = 1\n', addedLines: 1 });
    expect(withFrontLine('"""Doc."""\nx = 1\n', 'a()')).toEqual({
      script: '"""Doc."""; a()\nx = 1\n',
      addedLines: 0,
    });
    expect(withFrontLine('from __future__ import annotations\nx', 'a()')?.addedLines).toBe(0);
    expect(withFrontLine('from __future__ import (\n  annotations\n)\n', 'a()')).toBeNull();
  });

  it('stands behind what must be first in scripts of other systems, too', () => {
    const [mark, future] = ['\uFEFF', 'from __future__ import annotations'];
    expect(withFrontLine(`${mark}${mark}x = 1`, 'a()')).toEqual({ script: 'a()\nx = 1', addedLines: 1 });
    expect(withFrontLine(`${mark}"""Doc."""\r\nx`, 'a()')?.script).toBe('"""Doc."""; a()\r\nx');
    expect(withFrontLine(`# why\r"Doc."\r${future}\rx`, 'a()')?.script).toBe(
      `# why\r"Doc."\r${future}; a()\rx`,
    );
    expect(withFrontLine('"no end\r"', 'a()')?.addedLines).toBe(1);
  });

  it('is not counted in what is told of the script', () => {
    const outcome = failure('SCRIPT_ERROR', 'ValueError: (line 3) line 3 (line 3)', {
      line: 3,
      stderr: 'File "script.py", line 2, in f',
      traceback: '  File "script.py", line 3, in <module>\n  File "preload.py", line 3, in <module>',
      stdout: 'File "script.py", line 3',
    });
    expect(knownLines(outcome, 1)).toEqual({
      ...outcome,
      message: 'ValueError: (line 3) line 3 (line 2)',
      line: 2,
      stderr: 'File "script.py", line 1, in f',
      traceback: '  File "script.py", line 2, in <module>\n  File "preload.py", line 3, in <module>',
    });
    expect(knownLines(outcome, 0)).toBe(outcome);
    expect(knownLines(success('1', { stderr: 'File "script.py", line 9' }), 1).stderr).toBe(
      'File "script.py", line 8',
    );
  });

  it.each([
    ["Script called sys.exit('x') instead of returning from main() (line 4)", '(line 3)'],
    ["SyntaxError: '(' was never closed (line 4, column 12)", '(line 3, column 12)'],
    ['Script needed more memory than the limit of 64 MB: MemoryError (line 4)', '(line 3)'],
  ])('is not counted in messages: %s', (message, end) => {
    const { message: told } = known(failure('SCRIPT_ERROR', message, { line: 4 }));
    expect(told).toBe(message.replace(/\(line.*/, end));
  });

  it.each(['ValueError: line 4', 'json: Expecting value: line 4 column 1 (char 9)', 'x (line 4) y'])(
    'is not looked for in what an author says: %s',
    (message) => {
      expect(known(failure('SCRIPT_ERROR', message, { line: 4 })).message).toBe(message);
    },
  );

  it.each([
    [
      'Line 4 was running when the time was over: look at it',
      'Line 3 was running when the time was over: look at it',
    ],
    ['main in line 4 belongs to a class', 'main in line 3 belongs to a class'],
    ['Leave the line out, as in line 4', 'Leave the line out, as in line 4'],
  ])('is not counted in hints: %s', (hint, told) => {
    expect(known(failure('TIMEOUT', '', { hint, line: 4 }))).toMatchObject({ hint: told });
  });

  it('is not counted in what warnings name', () => {
    const stderr =
      'script.py:5: FutureWarning: line 5\n  x\nmy-script.py:5: no\nscript.py:5 no\na/script.py:5: no';
    expect(known(success('1', { stderr })).stderr).toBe(stderr.replace('script.py:5:', 'script.py:4:'));
  });
});
