import { createHash } from 'node:crypto';
import { FIXED_LIMITS, LIMITS } from '@pycell/contracts';
import { RequestFailure } from '../http/request-failure';
import { unescapeInPlace } from './json-string';
import type { JsonText } from './json-text';
import type { ValueWatch } from './json-value';
import { shownName } from './json-words';
import { hashOf, KeyTable } from './key-table';
import type { Sliced } from './slices';

const MAX_DEPTH = FIXED_LIMITS.inputsDepth;
/** What remembering a key costs besides its bytes. */
const KEY_CHARGE_BYTES = 64;
/** Longer keys are hashed in slices. */
const LONG_KEY_BYTES = 4 * 1024;
/** From here on places count the bytes of keys with escapes, below it those of the inputs. */
const UNESCAPED_BASE = 2 ** 30;
/** Of a key that is there twice, so much is decoded to be shown. */
const SHOWN_BYTES = 512;

/**
 * Watches over the inputs of a script, which go to Python as they are: how deep they nest, that no object has a key
 * twice, of which Python would keep one in silence, and how long their text is.
 */
export class InputsWatch implements ValueWatch {
  private readonly start: number;
  private readonly keys = new KeyTable((start, other, length) => this.areEqual(start, other, length));
  /** For each level that is open, the number of its object. */
  private readonly objects = new Int32Array(MAX_DEPTH + 1);
  private objectCount = 0;
  /** What keys say that have escapes, one behind the other. */
  private unescaped = Buffer.alloc(0);
  private unescapedLength = 0;

  constructor(
    private readonly text: JsonText,
    private readonly field: string,
    private readonly maxBytes: number,
    /** Takes what is wrong, and nothing that makes it useless to read on. */
    private readonly refuse: (message: string) => void,
  ) {
    this.start = text.at;
  }

  open(depth: number): void {
    if (depth > MAX_DEPTH) {
      throw new RequestFailure(
        'INVALID_REQUEST',
        `Field ${this.field} nests deeper than ${MAX_DEPTH} levels of lists and objects`,
      );
    }
    this.objects[depth] = ++this.objectCount;
  }

  next(): void {
    // The number of values is bounded by that of bytes.
  }

  key(depth: number): Sliced<void> | null {
    const { stringStart, stringEnd, isEscaped, bytes } = this.text;
    this.text.charge(KEY_CHARGE_BYTES);
    if (isEscaped || stringEnd - stringStart > LONG_KEY_BYTES) {
      return this.unusualKey(depth, stringStart, stringEnd, isEscaped);
    }
    const hash = hashOf(bytes, stringStart, stringEnd);
    this.add(depth, stringStart - this.start, stringEnd - stringStart, hash);
    return null;
  }

  pause(): void {
    this.checkSize();
  }

  /** Also once all has been read. */
  checkSize(): void {
    if (this.text.at - this.start > this.maxBytes) {
      throw new RequestFailure(
        'PAYLOAD_TOO_LARGE',
        `Field ${this.field} has more than ${this.maxBytes} bytes of JSON text, which is the limit ${LIMITS.maxInputsBytes.variable}`,
        { hint: 'Send what is large as a file, in "files".' },
      );
    }
  }

  private *unusualKey(depth: number, start: number, end: number, isEscaped: boolean): Sliced<void> {
    // Beyond the limit nothing is compared.
    this.checkSize();
    if (!isEscaped) {
      this.add(depth, start - this.start, end - start, yield* this.hash(this.text.bytes, start, end));
      return;
    }
    const { sliceBytes } = this.text;
    const from = this.unescapedLength;
    this.copy(start, end);
    const to = yield* unescapeInPlace(this.unescaped, from, from + end - start, { lone: 'keep', sliceBytes });
    this.unescapedLength = to;
    this.add(depth, UNESCAPED_BASE + from, to - from, yield* this.hash(this.unescaped, from, to));
  }

  /** Appends a key to those with escapes. */
  private copy(start: number, end: number): void {
    const needed = this.unescapedLength + end - start;
    if (needed > this.unescaped.length) {
      const grown = Buffer.allocUnsafe(2 * needed);
      this.unescaped.copy(grown, 0, 0, this.unescapedLength);
      this.unescaped = grown;
    }
    this.text.bytes.copy(this.unescaped, this.unescapedLength, start, end);
  }

  private *hash(bytes: Buffer, start: number, end: number): Sliced<number> {
    if (end - start <= LONG_KEY_BYTES) {
      return hashOf(bytes, start, end);
    }
    const { sliceBytes } = this.text;
    const digest = createHash('sha256');
    for (let at = start; at < end; at += sliceBytes) {
      digest.update(bytes.subarray(at, Math.min(end, at + sliceBytes)));
      yield;
    }
    return digest.digest().readInt32LE();
  }

  private add(depth: number, place: number, length: number, hash: number): void {
    if (!this.keys.add(this.objects[depth] ?? 0, place, length, hash)) {
      const name = this.bytesAt(place, Math.min(length, SHOWN_BYTES)).toString();
      this.refuse(`Field ${this.field} has the key ${shownName(name)} twice in one object`);
    }
  }

  private areEqual(place: number, other: number, length: number): boolean {
    return this.bytesAt(place, length).equals(this.bytesAt(other, length));
  }

  private bytesAt(place: number, length: number): Buffer {
    return place >= UNESCAPED_BASE
      ? this.unescaped.subarray(place - UNESCAPED_BASE, place - UNESCAPED_BASE + length)
      : this.text.bytes.subarray(this.start + place, this.start + place + length);
  }
}
