import { knownLines, withFrontLine } from './front-line';
import { failure, success } from './outcome.contract';

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

  it('is not counted in what is told of the script', () => {
    const outcome = failure('SCRIPT_ERROR', 'ValueError: line 3', {
      line: 3,
      stderr: 'File "script.py", line 2, in f',
      traceback: '  File "script.py", line 3, in <module>\n  File "preload.py", line 3, in <module>',
      stdout: 'File "script.py", line 3',
    });
    expect(knownLines(outcome, 1)).toEqual({
      ...outcome,
      line: 2,
      stderr: 'File "script.py", line 1, in f',
      traceback: '  File "script.py", line 2, in <module>\n  File "preload.py", line 3, in <module>',
    });
    expect(knownLines(outcome, 0)).toBe(outcome);
    expect(knownLines(success('1', { stderr: 'File "script.py", line 9' }), 1).stderr).toBe(
      'File "script.py", line 8',
    );
  });
});
