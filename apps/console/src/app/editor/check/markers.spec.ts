import { markerOf, toEditorColumn, type MarkedText } from './markers';
import type { Problem } from './problem';

function textOf(...lines: string[]): MarkedText {
  return { getLineCount: () => lines.length, getLineContent: (line) => lines[line - 1] ?? '' };
}

function problemAt(line: number, column: number, end?: Problem['end']): Problem {
  return { severity: 'error', message: 'm', line, column, ...(end && { end }) };
}

describe('markerOf', () => {
  it('covers the range of a policy violation', () => {
    const text = textOf('def main():', '    import os');
    expect(markerOf(problemAt(2, 5, { line: 2, column: 14 }), text)).toEqual({
      severity: 'error',
      message: 'm',
      startLineNumber: 2,
      startColumn: 5,
      endLineNumber: 2,
      endColumn: 14,
    });
  });

  it('counts a character outside of the basic plane once, as Python does', () => {
    const marker = markerOf(problemAt(1, 6, { line: 1, column: 10 }), textOf('"😀"; eval("1")'));
    expect(marker).toMatchObject({ startColumn: 7, endColumn: 11 });
  });

  it('covers the rest of the line where only a start is known', () => {
    expect(markerOf(problemAt(1, 12, undefined), textOf('    return 1 / 0  '))).toMatchObject({
      startColumn: 12,
      endColumn: 17,
    });
  });

  it('covers the whole line where the start is its end', () => {
    expect(markerOf(problemAt(1, 9, undefined), textOf('    x = ('))).toMatchObject({
      startColumn: 9,
      endColumn: 10,
    });
    expect(markerOf(problemAt(1, 40, undefined), textOf('    x = ('))).toMatchObject({
      startColumn: 5,
      endColumn: 10,
    });
  });

  it('stays inside a text that has become shorter meanwhile', () => {
    expect(markerOf(problemAt(9, 3, { line: 10, column: 2 }), textOf('a = 1', 'b'))).toMatchObject({
      startLineNumber: 2,
      endLineNumber: 2,
    });
  });

  it('marks an empty text without leaving it', () => {
    expect(markerOf(problemAt(1, 1), textOf(''))).toMatchObject({ startColumn: 1, endColumn: 1 });
  });
});

describe('toEditorColumn', () => {
  it.each([
    ['abc', 1, 1],
    ['abc', 3, 3],
    ['abc', 99, 4],
    ['😀😀x', 3, 5],
    ['e\u0301x', 3, 3],
  ])('in %p column %i is %i', (line, column, expected) => {
    expect(toEditorColumn(line, column)).toBe(expected);
  });
});
