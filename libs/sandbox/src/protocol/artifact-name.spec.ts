import { isSafeArtifactName } from './artifact-name';

describe('isSafeArtifactName', () => {
  it.each([
    'a',
    'report.csv',
    'sub/plot 1.png',
    '.hidden',
    'é ü/日本.txt',
    '-rf',
    '😀.svg',
    'a..b',
    'console.txt',
  ])('takes %j', (name) => expect(isSafeArtifactName(name)).toBe(true));

  it.each([
    ...[
      '',
      '/',
      '/etc/passwd',
      '..',
      'a/../b',
      './a',
      'a//b',
      'a/',
      '.../x',
      '..\\up',
      'C:\\x',
      'C:x',
      'a:b',
    ],
    ...[
      'a\nb',
      'a\rb',
      'a\0b',
      'a\u007fb',
      'a\u0085b',
      'a\u2028b',
      'a\u2029b',
      '\u202etxt.exe',
      'a\u200bb',
      '\ufeffa',
    ],
    ...[
      'con',
      'NUL.txt',
      'x/lpt1',
      'COM¹',
      'CONIN$',
      '~root',
      ' a',
      'a.',
      'a ',
      'a*',
      'a?',
      'a"',
      'a<',
      'a>',
      'a|',
      '\ud800',
    ],
    ...['x'.repeat(256), 'é'.repeat(128), 'd/'.repeat(8) + 'f'],
  ])('refuses %j', (name) => expect(isSafeArtifactName(name)).toBe(false));
});
