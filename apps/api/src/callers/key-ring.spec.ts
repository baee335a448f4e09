import { readConfiguration } from '../configuration/configuration';
import { isKey, KEY_LENGTH } from '../configuration/key-text';
import { createKey, hashOfKey } from './key-form';
import { KeyRing } from './key-ring';
import { parseKeysFile } from './keys-file';

const SERVICE = readConfiguration({}).sandbox;

function ringOf(...keys: object[]): KeyRing {
  const { entries, problems } = parseKeysFile(JSON.stringify({ keys }));
  expect(problems).toEqual([]);
  return new KeyRing(entries, SERVICE, 1);
}

const digitsOf = (key: string): string => hashOfKey(key).toString('hex');

describe('KeyRing', () => {
  it('finds a key by each of its texts', () => {
    const [old, fresh, other] = [createKey(), createKey(), createKey()];
    const ring = ringOf(
      { name: 'shop', sha256: [digitsOf(old), digitsOf(fresh)] },
      { name: 'other', sha256: [digitsOf(other)], disabled: true },
    );
    expect(ring.find(old, {})?.caller.key).toBe('shop');
    expect(ring.find(fresh, {})).toBe(ring.find(old, {}));
    expect(ring.find(other, {})).toMatchObject({ disabled: true, caller: { key: 'other' } });
  });

  it('does not find what differs by one character, at either end', () => {
    const key = createKey();
    const ring = ringOf({ name: 'shop', sha256: [digitsOf(key)] });
    // Also not where the right one has just come on the same connection.
    const connection = {};
    expect(ring.find(key, connection)).toBeDefined();
    const changed = (at: number): string => {
      const flipped = key[at] === 'A' ? 'B' : 'A';
      return key.slice(0, at) + flipped + key.slice(at + 1);
    };
    for (const wrong of [
      changed(7),
      changed(key.length - 1),
      key.slice(0, -1),
      `${key}A`,
      ` ${key}`,
      '',
      'x'.repeat(99),
    ]) {
      expect(ring.find(wrong, connection)).toBeUndefined();
    }
    expect(ring.find(digitsOf(key), connection)).toBeUndefined();
  });

  it('looks keys up by places that tell nothing of their hashes, others in each process', () => {
    // What a Map compares is what a client could time: it must not have the hash in it, nor be the same for another ring.
    const get = jest.spyOn(Map.prototype, 'get');
    try {
      const key = createKey();
      const places = [1, 2].map(() => {
        const ring = ringOf({ name: 'shop', sha256: [digitsOf(key)] });
        get.mockClear();
        expect(ring.find(key, {})).toBeDefined();
        return get.mock.calls.map(([place]) => Buffer.from(String(place), 'latin1').toString('hex'));
      });
      expect(places.map(({ length }) => length)).toEqual([1, 1]);
      const [first = '', second = ''] = places.flat();
      expect(first).toHaveLength(64);
      expect(first).not.toBe(second);
      expect([first, second]).not.toContain(digitsOf(key));
    } finally {
      get.mockRestore();
    }
  });

  it('hashes a key once for a connection, and another one on it anew', () => {
    const [key, other] = [createKey(), createKey()];
    const ring = ringOf({ name: 'a', sha256: [digitsOf(key)] }, { name: 'b', sha256: [digitsOf(other)] });
    const get = jest.spyOn(Map.prototype, 'get');
    try {
      const connection = {};
      const found = [key, key, other, key, createKey(), key].map(
        (sent) => ring.find(sent, connection)?.caller.key,
      );
      expect(found).toEqual(['a', 'a', 'b', 'a', undefined, 'a']);
      expect(get).toHaveBeenCalledTimes(4);
    } finally {
      get.mockRestore();
    }
  });

  it('has keys of 32 random bytes', () => {
    const keys = new Set(Array.from({ length: 100 }, createKey));
    expect(keys.size).toBe(100);
    expect([...keys].every(isKey)).toBe(true);
    expect([...keys].every(({ length }) => length === KEY_LENGTH)).toBe(true);
  });
});
