import { satisfies, type Version, versionOf } from './version-range';

const VERSION: Version = [3, 13, 1];

describe('satisfies', () => {
  it.each([
    '*',
    '',
    'x',
    '3',
    '3.x',
    '3.X.x',
    'v3.13',
    '3.13.1',
    '=3.13.1',
    '3.13.*',
    '^3.10.0',
    '^3',
    '~3.13.0',
    '~3',
    '~>3.13',
    '>=3.9',
    '>= 3.9 < 4',
    '>3.12',
    '<4',
    '<=3.13',
    '3.9 - 3.13',
    '2.x || >=3.13.1',
  ])('takes %p', (selector) => {
    expect(satisfies(VERSION, selector)).toBe(true);
  });

  it.each([
    '2',
    '3.10.0',
    '3.13.0',
    '3.1',
    '~3.12',
    '^4',
    '^3.14',
    '>3.13',
    '<3.13',
    '<=3.12.9',
    '3.9 - 3.12',
    '>=3.9 <3.13',
    'latest',
    '3.13.1.0',
    '3..1',
    '>',
    '3.13.1-rc1',
    `3${' '.repeat(300)}`,
  ])('refuses %p', (selector) => {
    expect(satisfies(VERSION, selector)).toBe(false);
  });

  it('knows that below 1 the first number that is not 0 counts', () => {
    expect(satisfies([0, 2, 9], '^0.2.3')).toBe(true);
    expect(satisfies([0, 3, 0], '^0.2.3')).toBe(false);
    expect(satisfies([0, 0, 4], '^0.0.3')).toBe(false);
  });

  it('is fast for whatever is sent', () => {
    const begin = process.cpuUsage();
    satisfies(VERSION, '>'.repeat(10_000_000));
    satisfies(VERSION, '3.'.repeat(128));
    satisfies(VERSION, ' - '.repeat(85));
    const { user, system } = process.cpuUsage(begin);
    expect((user + system) / 1_000).toBeLessThan(100);
  });
});

describe('versionOf', () => {
  it('reads versions of Python, those of prereleases too', () => {
    expect(versionOf('3.13.1')).toEqual([3, 13, 1]);
    expect(versionOf('3.14.0rc1')).toEqual([3, 14, 0]);
    expect(versionOf('three')).toBeNull();
  });
});
