import { Base64Error, decodeBase64InPlace } from './base64';
import { below, finish, numbersFrom, oneOf } from './generated-json.contract';

function decoded(text: string, sliceBytes?: number): Buffer {
  const bytes = Buffer.from(`<${text}>`);
  const end = finish(decodeBase64InPlace(bytes, 1, bytes.length - 1, sliceBytes)).value;
  expect(bytes.toString('latin1', bytes.length - 1)).toBe('>');
  return bytes.subarray(1, end);
}

/** Whether a text is the one way to write some bytes. */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

describe('decodeBase64InPlace', () => {
  it('agrees with Buffer on bytes of any length, wherever the slices end', () => {
    const random = numbersFrom(1);
    for (let round = 0; round < 2_000; round++) {
      const bytes = Buffer.from(Array.from({ length: below(random, 40) }, () => below(random, 256)));
      const sliceBytes = oneOf(random, [1, 4, 7, 8, 1000]);
      expect(decoded(bytes.toString('base64'), sliceBytes)).toEqual(bytes);
    }
  });

  it('refuses what is not canonical, wherever the slices end', () => {
    const random = numbersFrom(2);
    let refused = 0;
    for (let round = 0; round < 5_000; round++) {
      const text = Array.from({ length: below(random, 13) }, () =>
        oneOf(random, ['A', 'B', 'Q', '=', '/', '+', '-', '_', ' ', '\n', 'é']),
      ).join('');
      const isRight = isCanonical(text);
      refused += isRight ? 0 : 1;
      const attempt = (): Buffer => decoded(text, oneOf(random, [1, 4, 8, 1000]));
      if (isRight) {
        expect(attempt()).toEqual(Buffer.from(text, 'base64'));
      } else {
        expect(attempt).toThrow(Base64Error);
      }
    }
    expect(refused).toBeGreaterThan(2_500);
    expect(refused).toBeLessThan(5_000);
  });

  it.each([
    ['AAA', '3 characters are no multiple of four: padding (=) is missing'],
    ['AAAA AAA', '" " at character 5 does not belong there'],
    ['AA==AAAA', '"=" at character 3 does not belong there'],
    ['AA-_', '"-" at character 3 does not belong there'],
    ['AAAA\nAAA', '"\\n" at character 5 does not belong there'],
    ['AAAé', 'what stands at character 4 does not belong there'],
    ['AB==', 'the last character before the padding has bits that are not used, and not zero'],
    ['====', '"=" at character 1 does not belong there'],
    ['A===', '"=" at character 2 does not belong there'],
    ['data:text/plain;base64,AAAA', '":" at character 5 does not belong there'],
  ])('says of %j what is wrong', (text, message) => {
    for (const sliceBytes of [4, 1000]) {
      expect(() => decoded(text, sliceBytes)).toThrow(new Base64Error(message));
    }
  });
});
