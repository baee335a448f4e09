import * as crypto from 'node:crypto';
import { readConfiguration } from '../configuration/configuration';
import { createKey, hashOfKey } from './key-form';
import { KeyRing } from './key-ring';
import { parseKeysFile } from './keys-file';

jest.mock('node:crypto', () => {
  const real = jest.requireActual<typeof crypto>('node:crypto');
  return { ...real, hash: jest.fn(real.hash), timingSafeEqual: jest.fn(real.timingSafeEqual) };
});

const equal = jest.mocked(crypto.timingSafeEqual);
/** What `hashOfKey` takes; declared as if it only returned texts. */
const hash = crypto.hash as unknown as jest.Mock<Buffer, [string, string, string]>;
const KEY = createKey();
const OTHER = createKey();

function ringOf(...hashes: Buffer[]): KeyRing {
  const keys = hashes.map((bytes, at) => ({ name: `k${at}`, sha256: [bytes.toString('hex')] }));
  return new KeyRing(parseKeysFile(JSON.stringify({ keys })).entries, readConfiguration({}).sandbox, 1);
}

/** What was compared, as texts. */
const compared = (): string[][] =>
  equal.mock.calls.map((sides) => sides.map((side) => Buffer.from(side as Uint8Array).toString('latin1')));

beforeEach(() => {
  equal.mockReset().mockImplementation(jest.requireActual<typeof crypto>('node:crypto').timingSafeEqual);
});

describe('What KeyRing.find compares', () => {
  it('is decided by timingSafeEqual where a key comes again on its connection', () => {
    const ring = ringOf(hashOfKey(KEY));
    const connection = {};
    expect(ring.find(KEY, connection)?.caller.key).toBe('k0');
    equal.mockClear();
    expect(ring.find(KEY, connection)?.caller.key).toBe('k0');
    expect(compared()).toEqual([[KEY, KEY]]);
    // Whatever it says is taken: nothing else has looked.
    equal.mockClear().mockReturnValueOnce(true);
    expect(ring.find(OTHER, connection)?.caller.key).toBe('k0');
    expect(compared()).toEqual([[KEY, OTHER]]);
    equal.mockReturnValue(false);
    expect(ring.find(KEY, connection)).toBeUndefined();
  });

  it('is decided by timingSafeEqual where the map has a hash', () => {
    const ring = ringOf(hashOfKey(KEY));
    const ours = hashOfKey(KEY).toString('latin1');
    expect(ring.find(KEY, {})?.caller.key).toBe('k0');
    expect(compared()).toEqual([[ours, ours]]);
    equal.mockReturnValueOnce(false);
    expect(ring.find(KEY, {})).toBeUndefined();
  });

  it('is looked up by places that differ from their first bytes on, however alike the hashes are', () => {
    const ours = hashOfKey(KEY);
    const ring = ringOf(ours);
    const get = jest.spyOn(Map.prototype, 'get');
    try {
      const places = Array.from({ length: 32 }, (_, at) => {
        // A text that somebody has found whose hash is ours up to this byte.
        const alike = Buffer.from(ours);
        alike[at] = (alike[at] ?? 0) ^ 1;
        hash.mockReturnValueOnce(alike);
        get.mockClear();
        expect(ring.find(OTHER, {})).toBeUndefined();
        expect(get).toHaveBeenCalledTimes(1);
        return String(get.mock.calls[0]?.[0]);
      });
      expect(equal).not.toHaveBeenCalled();
      get.mockClear();
      expect(ring.find(KEY, {})).toBeDefined();
      const all = [...places, String(get.mock.calls[0]?.[0])];
      // 33 random places have two with the same first 6 bytes once in 500 thousand million tries.
      expect(new Set(all.map((place) => place.slice(0, 6))).size).toBe(33);
    } finally {
      get.mockRestore();
    }
  });
});
