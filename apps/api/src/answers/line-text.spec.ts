import { base64Pieces, lineOf, lineSafe, lineSafeBytes, stringPieces } from './line-text';

/** What ends a line for Python's str.splitlines, which knows more ends than any other reader. */
const LINE_ENDS = '\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029';
const ENDS_A_LINE = new RegExp(`[${LINE_ENDS}]`);
const HOSTILE = '\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029\0\x7f\x9f\\"\ud800\udc00';

describe('lineOf', () => {
  it.each([HOSTILE, '\ud800', 'é\u2028', '\\u2028', '\n\ndata: x'])(
    'leaves nothing that ends a line: %j',
    (text) => {
      const line = lineOf({ [text]: text });
      expect(line).not.toMatch(ENDS_A_LINE);
      expect(JSON.parse(line)).toEqual({ [text]: text });
    },
  );

  it('changes nothing else', () => {
    const json = JSON.stringify({ text: 'é\u2027\u202a\u0084\u0086\x7f' });
    expect(lineSafe(json)).toBe(json);
  });
});

describe('lineSafeBytes', () => {
  const joined = (json: string): string =>
    Buffer.concat([...lineSafeBytes(Buffer.from(json))]).toString('utf8');

  it.each([0, 1, 2, 3])('cuts no character where a slice ends, %d bytes before it', (shift) => {
    const text = `${'x'.repeat(65_536 - 2 - shift)}\u2028é\u{1f600}\u0085${'\u2029'.repeat(50_000)}`;
    const safe = joined(JSON.stringify(text));
    expect(safe).not.toMatch(ENDS_A_LINE);
    expect(JSON.parse(safe)).toBe(text);
  });

  it('gives what needs no escape uncopied, as Python wrote it', () => {
    const json = Buffer.from(`{"big": ${2n ** 70n}, "f": 1e22, "t": "${'é'.repeat(100_000)}"}`);
    const pieces = [...lineSafeBytes(json)];
    expect(pieces.every(({ buffer }) => buffer === json.buffer)).toBe(true);
    expect(Buffer.concat(pieces).equals(json)).toBe(true);
  });
});

describe('stringPieces', () => {
  it.each([0, 1, 2])('splits no surrogate pair, %d characters before the end of a slice', (shift) => {
    const text = `${'x'.repeat(65_535 - shift)}\u{1f600}${HOSTILE.repeat(20_000)}`;
    const pieces = [...stringPieces(text)];
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.join('')).not.toMatch(ENDS_A_LINE);
    expect(JSON.parse(`"${pieces.join('')}"`)).toBe(text);
  });
});

describe('base64Pieces', () => {
  it.each([0, 1, 49_151, 49_152, 49_153, 200_000])('are the base64 of %d bytes together', (size) => {
    const bytes = Buffer.alloc(size, 'pycell');
    expect([...base64Pieces(bytes)].join('')).toBe(bytes.toString('base64'));
  });
});
