import { createHmac, createSecretKey, randomBytes, timingSafeEqual } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { isKey, KEY_LENGTH } from '../configuration/key-text';
import type { Caller } from './caller';
import { hashOfKey } from './key-form';
import { callerOfKey, type ServiceTerms } from './key-terms';
import type { KeyEntry } from './keys-file';

/** Keys that are taken up at a time, some milliseconds. */
const SLICE = 50;

/** A key that is known, with what it stands for. */
export interface KnownKey {
  readonly caller: Caller;
  readonly disabled: boolean;
  readonly expiresAtMs: number | null;
  /** Whether policy and script size are the key's own, and not what the service has for everybody. */
  readonly ownPolicy: boolean;
  readonly ownScriptSize: boolean;
}

interface RingEntry {
  readonly hash: Buffer;
  readonly key: KnownKey;
}

interface ProvedKey {
  readonly text: Uint8Array;
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
  private readonly byName = new Map<string, KnownKey>();
  /** The key that came last on a connection, by itself: hashing it for each request would be the most that a key costs. */
  private readonly proved = new WeakMap<object, ProvedKey>();

  /** @param version counts how often the keys were read */
  constructor(
    entries: readonly KeyEntry[],
    private readonly service: ServiceTerms,
    private readonly version: number,
  ) {
    this.add(entries);
  }

  /** Makes one with others served in between: hashing thousands of hashes takes a while. */
  static async inSlices(
    entries: readonly KeyEntry[],
    service: ServiceTerms,
    version: number,
  ): Promise<KeyRing> {
    const ring = new KeyRing([], service, version);
    for (let at = 0; at < entries.length; at += SLICE) {
      ring.add(entries.slice(at, at + SLICE));
      await setImmediate();
    }
    return ring;
  }

  /**
   * Returns what is known of the key that a client sent; undefined where it is none of ours, or not of a key's form.
   * @param connection on which it came
   */
  find(sent: string, connection: object): KnownKey | undefined {
    if (sent.length !== KEY_LENGTH) {
      return undefined;
    }
    const text = Buffer.from(sent, 'latin1');
    const proved = this.proved.get(connection);
    // In constant time: a proxy sends the requests of several clients on one connection.
    if (proved && timingSafeEqual(proved.text, text)) {
      return proved.key;
    }
    const key = isKey(sent) ? this.lookUp(sent) : undefined;
    if (key) {
      // A copy of its own: what `Buffer.from` returns keeps the 8 KiB alive that it is cut from.
      this.proved.set(connection, { text: Uint8Array.from(text), key });
    }
    return key;
  }

  /** Returns what is known of the key of a name, which is no proof of anything; undefined where there is none. */
  named(name: string): KnownKey | undefined {
    return this.byName.get(name);
  }

  private add(entries: readonly KeyEntry[]): void {
    for (const entry of entries) {
      const { disabled, expiresAtMs } = entry;
      const key: KnownKey = {
        caller: callerOfKey(entry, this.service, this.version),
        disabled,
        expiresAtMs,
        ownPolicy: entry.policy !== null,
        ownScriptSize: entry.scriptSize !== null,
      };
      this.byName.set(entry.name, key);
      for (const digits of entry.sha256) {
        const hash = Buffer.from(digits, 'hex');
        this.entries.set(this.placeOf(hash), { hash, key });
      }
    }
  }

  private lookUp(sent: string): KnownKey | undefined {
    const hash = hashOfKey(sent);
    const entry = this.entries.get(this.placeOf(hash));
    return entry && timingSafeEqual(entry.hash, hash) ? entry.key : undefined;
  }

  private placeOf(hash: Buffer): string {
    return createHmac('sha256', this.secret).update(hash).digest('binary');
  }
}
