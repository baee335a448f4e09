import { randomBytes } from 'node:crypto';

/** Nobody can foresee which keys share a place. */
const SEED = randomBytes(4).readInt32LE();
const FIRST_PLACES = 64;
/** Seldom, so that moving all keys to new places is nothing that adds up. */
const GROWTH = 8;

/** For each key: its object, where its bytes begin, how many there are, their hash, and the next key at its place. */
const FIELDS = 5;
const OBJECT = 0;
const START = 1;
const LENGTH = 2;
const HASH = 3;
const NEXT = 4;

/**
 * Remembers the keys of many objects by where their bytes stand. A hundred thousand strings in sets would cost several
 * times as much, and their memory.
 */
export class KeyTable {
  private entries = new Int32Array(FIRST_PLACES * FIELDS);
  private count = 0;
  /** For each place, the number of its last key, counted from 1; 0 where there is none. */
  private places = new Int32Array(FIRST_PLACES);

  /** @param equal whether the bytes at two starts are the same, so many of them */
  constructor(private readonly equal: (start: number, other: number, length: number) => boolean) {}

  /** Adds a key of an object; returns false where that has it already. */
  add(object: number, start: number, length: number, keyHash: number): boolean {
    const hash = mix(keyHash ^ Math.imul(object, 0x9e3779b1));
    if (this.has(object, start, length, hash)) {
      return false;
    }
    if (this.count === this.places.length) {
      this.spread();
    }
    const at = this.count * FIELDS;
    if (at === this.entries.length) {
      const grown = new Int32Array(2 * at);
      grown.set(this.entries);
      this.entries = grown;
    }
    const { entries } = this;
    entries[at + OBJECT] = object;
    entries[at + START] = start;
    entries[at + LENGTH] = length;
    entries[at + HASH] = hash;
    this.count++;
    this.place(this.count);
    return true;
  }

  private has(object: number, start: number, length: number, hash: number): boolean {
    const { entries, places } = this;
    let key = places[hash & (places.length - 1)] ?? 0;
    while (key !== 0) {
      const at = (key - 1) * FIELDS;
      const isSame =
        entries[at + HASH] === hash && entries[at + OBJECT] === object && entries[at + LENGTH] === length;
      if (isSame && this.equal(start, entries[at + START] ?? 0, length)) {
        return true;
      }
      key = entries[at + NEXT] ?? 0;
    }
    return false;
  }

  private place(key: number): void {
    const { entries, places } = this;
    const at = (key - 1) * FIELDS;
    const place = (entries[at + HASH] ?? 0) & (places.length - 1);
    entries[at + NEXT] = places[place] ?? 0;
    places[place] = key;
  }

  private spread(): void {
    this.places = new Int32Array(this.places.length * GROWTH);
    for (let key = 1; key <= this.count; key++) {
      this.place(key);
    }
  }
}

/** Returns a hash of bytes. */
export function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = SEED;
  for (let at = start; at < end; at++) {
    hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    hash ^= hash >>> 15;
  }
  return hash;
}

function mix(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}
