import { skipPlainText } from './plain-text';

/** Where the first special byte is, one byte after the other. */
function firstSpecial(bytes: Buffer, from: number, stop: number): number {
  for (let at = from; at < stop; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) {
      return at;
    }
  }
  return stop;
}

describe('skipPlainText', () => {
  const text = (length: number, special?: number, at = 0): Buffer => {
    const bytes = Buffer.from(new ArrayBuffer(length + 8), 3, length).fill(0x61);
    if (special !== undefined) {
      bytes[at] = special;
    }
    return bytes;
  };

  it('stops within four bytes before each special byte, wherever text and byte lie', () => {
    for (let special = 0; special < 256; special++) {
      for (const [from, at] of [
        [0, 0],
        [0, 5],
        [1, 30],
        [2, 31],
        [3, 32],
        [7, 39],
      ] as const) {
        const bytes = text(40, special, at);
        const expected = firstSpecial(bytes, from, 40);
        const reached = skipPlainText(bytes, from, 40);
        expect(reached).toBeLessThanOrEqual(expected);
        expect(expected - reached).toBeLessThan(4 + 4);
      }
    }
  });

  it.each([0x7f, 0x80, 0xa2, 0xdc, 0xff])('passes over bytes like %d that are not special', (byte) => {
    const bytes = text(64).fill(byte);
    expect(64 - skipPlainText(bytes, 0, 64)).toBeLessThan(4);
  });

  it('reads nothing at or behind the stop', () => {
    const bytes = text(40, 0x22, 20);
    expect(skipPlainText(bytes, 0, 20)).toBeLessThanOrEqual(20);
    expect(skipPlainText(bytes, 20, 20)).toBe(20);
    expect(skipPlainText(bytes, 19, 20)).toBe(19);
  });
});
