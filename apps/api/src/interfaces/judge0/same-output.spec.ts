import { isSameOutput } from './same-output';

const MILLION = 1_000_000;

/** As Judge0 has it written: by lines. */
const stripped = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/[\0\t\n\v\f\r ]+$/, ''))
    .join('\n')
    .replace(/[\0\t\n\v\f\r ]+$/, '');
const isSame = (one: string, other: string): boolean => isSameOutput(Buffer.from(one), Buffer.from(other));

describe('isSameOutput', () => {
  it('says of every two short texts what comparing them line by line says', () => {
    const texts = [''];
    for (let at = 0; texts.length < 400; at++) {
      texts.push(...['a', ' ', '\n', '\0', '\u00a0'].map((more) => `${texts[at] ?? ''}${more}`));
    }
    for (const one of texts) {
      for (const other of texts) {
        expect([one, other, isSame(one, other)]).toEqual([one, other, stripped(one) === stripped(other)]);
      }
    }
  });

  it.each([
    ['line breaks alone', '\n'.repeat(6 * MILLION), '\n'.repeat(MILLION), true],
    ['a million lines, and blanks', 'a \n'.repeat(MILLION), 'a\n'.repeat(MILLION), true],
    ['one that differs at its end', 'a\n'.repeat(MILLION), `${'a\n'.repeat(MILLION - 1)}b`, false],
    ['one line of blanks, and a letter', `${' '.repeat(6 * MILLION)}x`, ' '.repeat(MILLION), false],
  ])('takes no time for %s', (_what, one, other, isEqual) => {
    const [first, second] = [Buffer.from(one), Buffer.from(other)];
    const start = process.cpuUsage();
    expect(isSameOutput(first, second)).toBe(isEqual);
    const { user, system } = process.cpuUsage(start);
    // In arrays of lines the first of these takes more than a second.
    expect((user + system) / 1_000).toBeLessThan(400);
  });
});
