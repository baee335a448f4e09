import type { AttachedFile } from '../../script/run-setup';
import { fileNameProblem, fileProblems, nameForFile } from './file-names';

const file = (id: string, name: string, text: string | null = ''): AttachedFile => ({
  id,
  name,
  sizeBytes: 0,
  content: text === null ? null : { text },
});

describe('the name of a file', () => {
  it.each(['a.csv', 'data/2024/a.csv', 'Grüße 世界.txt', '..a', 'a..b', '.hidden', 'a\\b', 'x'.repeat(255)])(
    'may be %p',
    (name) => {
      expect(fileNameProblem(name)).toBeNull();
    },
  );

  it.each([
    ['', 'needs a name'],
    ['/etc/passwd', 'must be relative: without / at the beginning'],
    ['../a', 'must be a path without ., .. and empty steps'],
    ['a/./b', 'must be a path without ., .. and empty steps'],
    ['a//b', 'must be a path without ., .. and empty steps'],
    ['a/', 'must be a path without ., .. and empty steps'],
    ['a\0b', 'has a character that no file can have in its name'],
    ['\ud800', 'has a character that no file can have in its name'],
    ['x'.repeat(256), 'has a name of more than 255 bytes'],
    ['é'.repeat(128), 'has a name of more than 255 bytes'],
    ['1/2/3/4/5/6/7/8/9', 'lies deeper than 8 steps'],
  ])('may not be %p', (name, problem) => {
    expect(fileNameProblem(name)).toBe(problem);
  });

  it('is made of that on the machine, and relative', () => {
    expect(nameForFile(new File([], 'a.csv'))).toBe('a.csv');
    expect(nameForFile(Object.assign(new File([], 'a'), { webkitRelativePath: '/data/a' }))).toBe('data/a');
  });
});

describe('several files', () => {
  it('have names of their own, contents, and no folder in the place of a file', () => {
    const files = [
      file('1', 'a'),
      file('2', 'a'),
      file('3', 'b/c'),
      file('4', 'b'),
      file('5', 'd', null),
      file('6', 'e'),
    ];
    expect(Array.from(fileProblems(files))).toEqual([
      ['2', 'has the name of another file'],
      ['4', 'has the name of a folder'],
      ['5', 'is not here any more: attach it again, or remove it'],
    ]);
  });
});
