import { isBase64, isHex } from './encoded-content';

describe('isBase64', () => {
  it.each(['', 'YQ==', 'YQ', 'Y Q\r\n==\n', 'YWFh', 'YQ= =', 'ab+/'])('knows %p', (text) => {
    expect(isBase64(Buffer.from(text))).toBe(true);
  });

  it.each(['YQ===', 'YQ==YQ', '=a', 'a-_b', 'ä', 'a\0', '\u00a0'])('knows that %p is none', (text) => {
    expect(isBase64(Buffer.from(text))).toBe(false);
  });
});

describe('isHex', () => {
  it('is pairs of digits', () => {
    const texts = ['', '00', 'fF09', '0', 'f f ', 'g0', '0x'];
    expect(texts.map((text) => isHex(Buffer.from(text)))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
