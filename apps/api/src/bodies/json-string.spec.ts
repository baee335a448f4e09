import { finish, numbersFrom, oneOf, someText, writtenString } from './generated-json.contract';
import { unescapeInPlace, UnpairedSurrogateError } from './json-string';

/** Unescapes what stands between other bytes, which must not change. */
function unescaped(json: string, sliceBytes?: number, lone?: 'refuse' | 'keep'): Buffer {
  const bytes = Buffer.from(`<${json}>`);
  const end = bytes.length - 1;
  const options = { ...(sliceBytes && { sliceBytes }), ...(lone && { lone }) };
  const { value } = finish(unescapeInPlace(bytes, 1, end, options));
  expect([bytes[0], bytes[end]]).toEqual([0x3c, 0x3e]);
  return bytes.subarray(1, value);
}

describe('unescapeInPlace', () => {
  it('agrees with JSON.parse, wherever the slices end', () => {
    const random = numbersFrom(1);
    for (let round = 0; round < 5_000; round++) {
      const json = writtenString(random, someText(random, 12));
      const text = unescaped(json.slice(1, -1), oneOf(random, [1, 2, 3, 5, 8, 1000])).toString();
      expect([json, text]).toEqual([json, JSON.parse(json)]);
    }
  });

  it.each([
    '\\ud83d',
    '\\udE00',
    '\\ud83d\\ud83d\\ude00',
    '\\ud83d\\n',
    '\\ud83dx',
    'x\\ude00\\ud83d',
    '\\ud83d\\u0041',
  ])('refuses half of a surrogate pair: %s', (json) => {
    for (const sliceBytes of [1, 6, 1000]) {
      expect(() => unescaped(json, sliceBytes)).toThrow(UnpairedSurrogateError);
    }
  });

  it('keeps half of a surrogate pair where it is told to, apart from all that is well-formed', () => {
    const kept = unescaped('\\ud83d', 1, 'keep');
    expect(kept).toEqual(Buffer.from([0xed, 0xa0, 0xbd]));
    expect(unescaped('\\ud83d\\ude00', 1, 'keep').toString()).toBe('😀');
  });

  it('pauses after each slice', () => {
    const bytes = Buffer.from('\\n'.repeat(50_000));
    expect(finish(unescapeInPlace(bytes, 0, bytes.length, { sliceBytes: 1_000 })).pauses).toBe(99);
  });
});
