import { titleOfScript } from './script-title';

describe('titleOfScript', () => {
  it.each([
    ['# Sales by month\nimport pandas\n', 'Sales by month'],
    ['"""Fits a line."""\nimport numpy\n', 'Fits a line.'],
    ['"""\nfoo\n"""\ndef main():\n    return 3\n', 'return 3'],
    ['import math\n\ndef area(r):\n    return r\n\ndef main():\n    pass', 'area()'],
    ['class Tree:\n    pass\ndef main(): pass', 'class Tree'],
    ['def main():\n\n    print("x")\n', 'print("x")'],
    ['async def main():\n    return 1', 'return 1'],
    ['x = 1', 'x = 1'],
    ['#\ndef main():\n    return 2', 'return 2'],
    [' \n', 'Empty script'],
  ])('of %p is %p', (script, title) => {
    expect(titleOfScript(script)).toBe(title);
  });

  it('is cut where it is long, and never in the middle of a character', () => {
    const title = titleOfScript(`# ${'😀'.repeat(200)}`);
    expect(Array.from(title)).toHaveLength(80);
    expect(title.isWellFormed()).toBe(true);
  });
});
