import { jsonPieces } from './answer-pieces';

const textOf = async (members: Parameters<typeof jsonPieces>[0], goOn = (): void => undefined) =>
  Buffer.concat(await jsonPieces(members, goOn)).toString('utf8');

describe('jsonPieces', () => {
  it.each([
    {},
    { a: 1, b: null, c: { d: [true] }, '"': 'x' },
    { first: 'x'.repeat(200_000), n: 1.5, last: '\u0001"\\'.repeat(70_000) },
    { pairs: `x${'😀'.repeat(100_000)}`, halves: '\ud800'.repeat(70_000), lines: '\u2028ä'.repeat(70_000) },
  ])('are the text that JSON.stringify makes, case %#', async (members) => {
    expect(await textOf(members)).toBe(JSON.stringify(members));
  });

  it('are made with others served meanwhile, and no longer than somebody waits for them', async () => {
    let others = 0;
    const timer = setInterval(() => others++, 0);
    let pauses = 0;
    await textOf({ text: '\u0001'.repeat(2 * 1024 * 1024) }, () => pauses++);
    clearInterval(timer);
    expect(pauses).toBeGreaterThan(20);
    expect(others).toBeGreaterThan(1);
    const gone = textOf({ text: 'x'.repeat(200_000) }, () => {
      throw new Error('gone');
    });
    await expect(gone).rejects.toThrow('gone');
  });
});
