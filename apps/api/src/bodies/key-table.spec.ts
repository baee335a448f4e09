import { below, numbersFrom } from './generated-json.contract';
import { hashOf, KeyTable } from './key-table';

describe('KeyTable', () => {
  it('agrees with sets, with few keys and with many', () => {
    const random = numbersFrom(1);
    const texts = Array.from({ length: 3_000 }, () => below(random, 5_000).toString(36));
    const bytes = Buffer.from(texts.join(''));
    const table = new KeyTable((start, other, length) =>
      bytes.subarray(start, start + length).equals(bytes.subarray(other, other + length)),
    );
    const sets = Array.from({ length: 3 }, () => new Set<string>());
    let start = 0;
    for (const text of texts) {
      const object = below(random, sets.length);
      const size = sets[object]?.size;
      const isNew = sets[object]?.add(text).size !== size;
      expect(table.add(object, start, text.length, hashOf(bytes, start, start + text.length))).toBe(isNew);
      start += text.length;
    }
  });

  it('tells keys of one hash apart', () => {
    const bytes = Buffer.from('abab');
    const table = new KeyTable((start, other) => bytes[start] === bytes[other]);
    expect([0, 1, 2, 3].map((start) => table.add(1, start, 1, 5))).toEqual([true, true, false, false]);
    expect(table.add(2, 0, 1, 5)).toBe(true);
  });
});

describe('hashOf', () => {
  it('spreads what is alike', () => {
    const keys = Array.from({ length: 4_096 }, (_, number) => Buffer.from(`key${number}`));
    const places = new Set(keys.map((key) => hashOf(key, 0, key.length) & 4_095));
    // At random some 2,590 are met.
    expect(places.size).toBeGreaterThan(2_200);
  });
});
