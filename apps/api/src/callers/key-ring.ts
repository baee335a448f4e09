import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from './caller';
import { hashOfKey, isKey } from './key-form';
import { callerOfKey, type ServiceTerms } from './key-terms';
import type { KeyEntry } from './keys-file';

/** A key that is known, with what it stands for. */
export interface KnownKey {
  readonly caller: Caller;
  readonly disabled: boolean;
  readonly expiresAtMs: number | null;
}

interface RingEntry {
  readonly hash: Buffer;
  readonly key: KnownKey;
}

/**
 * The keys that are in force, looked up by what a client sent.
 *
 * How long a look-up takes tells nothing of what is in the file. A plain map from hashes would compare them as texts, byte
 * by byte, and order them by values that whoever tries keys can compute beforehand: who finds a text whose hash begins
 * like one of ours could see that, and search on from there. So what is looked up is the HMAC of the hash by a secret of
 * this process. It is another one for each text, and nobody outside can tell how any two of them are alike; only for the
 * same text it is the same. The comparison at the end is a second lock: it takes the same time whatever it finds.
 */
export class KeyRing {
  private readonly secret = createSecretKey(randomBytes(32));
  private readonly entries = new Map<string, RingEntry>();

  /** @param version of the terms of its keys: higher than that of the ring which it replaces */
  constructor(entries: readonly KeyEntry[], service: ServiceTerms, version = 0) {
    for (const entry of entries) {
      const { disabled, expiresAtMs } = entry;
      const key: KnownKey = { caller: callerOfKey(entry, service, version), disabled, expiresAtMs };
      for (const digits of entry.sha256) {
        const hash = Buffer.from(digits, 'hex');
        this.entries.set(this.placeOf(hash), { hash, key });
      }
    }
  }

  /** Returns what is known of the key that a client sent; undefined where it is none of ours, or not of a key's form. */
  find(sent: string): KnownKey | undefined {
    // Its length, too, is bounded by that.
    if (!isKey(sent)) {
      return undefined;
    }
    const hash = hashOfKey(sent);
    const entry = this.entries.get(this.placeOf(hash));
    return entry && timingSafeEqual(entry.hash, hash) ? entry.key : undefined;
  }

  private placeOf(hash: Buffer): string {
    return createHmac('sha256', this.secret).update(hash).digest('binary');
  }
}
