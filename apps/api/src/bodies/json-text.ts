import { skipPlainText } from './plain-text';
import { SLICE_BYTES } from './slices';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const LOWER_U = 0x75;
/** Those that may follow a backslash in a string, but for `u`. */
const SIMPLE_ESCAPES = bytesOf('"\\/bfnrt');
/** What has gone on for so long in a string without anything special goes on, mostly. */
const PLAIN_BYTES = 64;
const HEX_DIGITS = bytesOf('0123456789abcdefABCDEF');
const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

/** The states of a number, and whether it may end there. */
const NUMBER_MAY_END = {
  minus: false,
  zero: true,
  digits: true,
  dot: false,
  fraction: true,
  e: false,
  sign: false,
  exponent: true,
};
type NumberState = keyof typeof NUMBER_MAY_END;

/** The text is not JSON. `message` is in the words of `JSON.parse`. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';
}

/**
 * Reads the tokens of JSON (RFC 8259) from bytes of which it is known that they are UTF-8. A token may be long: where it
 * goes beyond the slice, what reads it returns false, and `resume` reads on in the next slice.
 */
export class JsonText {
  /** Where it reads next. */
  at = 0;
  /** Of the string that was read last: where its text begins and ends, and whether it has escapes. */
  stringStart = 0;
  stringEnd = 0;
  isEscaped = false;
  private sliceEnd: number;
  private numberState: NumberState = 'minus';
  /** What has not been read to its end. */
  private pending: 'space' | 'string' | 'number' = 'space';

  constructor(
    readonly bytes: Buffer,
    readonly sliceBytes = SLICE_BYTES,
  ) {
    this.sliceEnd = sliceBytes;
  }

  get isSliceOver(): boolean {
    return this.at >= this.sliceEnd;
  }

  /** After a pause. */
  beginSlice(): void {
    this.sliceEnd = this.at + this.sliceBytes;
  }

  /** Reads on, in a new slice, what goes beyond the last one. */
  resume(): boolean {
    this.beginSlice();
    switch (this.pending) {
      case 'space':
        return this.skipSpace();
      case 'string':
        return this.scanString();
      case 'number':
        return this.scanNumber();
    }
  }

  /** Says that something took as long as so many bytes do. */
  charge(bytes: number): void {
    this.sliceEnd -= bytes;
  }

  /** The byte that comes next; undefined at the end. */
  peek(): number | undefined {
    return this.bytes[this.at];
  }

  skipSpace(): boolean {
    const { bytes } = this;
    for (;;) {
      const byte = bytes[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        return true;
      }
      if (++this.at >= this.sliceEnd) {
        this.pending = 'space';
        return false;
      }
    }
  }

  readScalar(): boolean {
    const byte = this.bytes[this.at];
    if (byte === QUOTE) {
      return this.readString();
    }
    if (byte === MINUS || isDigit(byte)) {
      return this.readNumber();
    }
    return this.readLiteral();
  }

  /** Reads this byte. */
  expect(byte: number): void {
    if (this.bytes[this.at] !== byte) {
      this.fail();
    }
    this.at++;
  }

  readString(): boolean {
    this.expect(QUOTE);
    this.stringStart = this.at;
    this.isEscaped = false;
    return this.scanString();
  }

  private scanString(): boolean {
    const { bytes } = this;
    const stop = Math.min(bytes.length, this.sliceEnd);
    let at = this.at;
    let skipAt = at + PLAIN_BYTES;
    while (at < stop) {
      if (at >= skipAt) {
        at = skipPlainText(bytes, at, stop);
        skipAt = at + PLAIN_BYTES;
        continue;
      }
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        this.stringEnd = at;
        this.at = at + 1;
        return true;
      }
      if (byte === BACKSLASH) {
        this.isEscaped = true;
        at += this.lengthOfEscape(at);
        skipAt = at + PLAIN_BYTES;
      } else if (byte < 0x20) {
        throw new JsonTextError(`Bad control character in string literal in JSON at position ${at}`);
      } else {
        at++;
      }
    }
    this.at = at;
    this.pending = 'string';
    if (at >= bytes.length) {
      throw new JsonTextError(`Unterminated string in JSON at position ${bytes.length}`);
    }
    return false;
  }

  private readNumber(): boolean {
    const first = this.bytes[this.at];
    this.numberState = first === MINUS ? 'minus' : first === 0x30 ? 'zero' : 'digits';
    this.at++;
    return this.scanNumber();
  }

  private scanNumber(): boolean {
    for (;;) {
      const next = nextNumberState(this.numberState, this.bytes[this.at]);
      if (next === null) {
        if (!NUMBER_MAY_END[this.numberState]) {
          this.fail();
        }
        return true;
      }
      this.numberState = next;
      if (++this.at >= this.sliceEnd) {
        this.pending = 'number';
        return false;
      }
    }
  }

  private readLiteral(): boolean {
    const word = LITERALS.find((literal) => literal[0] === this.bytes[this.at]);
    if (!word) {
      this.fail();
    }
    for (const byte of word) {
      this.expect(byte);
    }
    return true;
  }

  /** Refuses what stands here. */
  fail(): never {
    const byte = this.bytes[this.at];
    if (byte === undefined) {
      throw new JsonTextError('Unexpected end of JSON input');
    }
    const shown = byte > 0x20 && byte < 0x7f ? ` '${String.fromCharCode(byte)}'` : '';
    throw new JsonTextError(`Unexpected token${shown} in JSON at position ${this.at}`);
  }

  private lengthOfEscape(at: number): number {
    const { bytes } = this;
    const kind = bytes[at + 1];
    if (kind !== undefined && SIMPLE_ESCAPES[kind]) {
      return 2;
    }
    for (let digit = at + 2; kind === LOWER_U && HEX_DIGITS[bytes[digit] ?? 0]; digit++) {
      if (digit === at + 5) {
        return 6;
      }
    }
    throw new JsonTextError(`Bad escaped character in JSON at position ${at + 1}`);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Returns the state of a number after one more byte, null where that does not belong to it. */
function nextNumberState(state: NumberState, byte: number | undefined): NumberState | null {
  const isE = byte === 0x65 || byte === 0x45;
  switch (state) {
    case 'minus':
      return byte === 0x30 ? 'zero' : isDigit(byte) ? 'digits' : null;
    case 'zero':
    case 'digits':
      return state === 'digits' && isDigit(byte) ? 'digits' : byte === 0x2e ? 'dot' : isE ? 'e' : null;
    case 'dot':
    case 'fraction':
      return isDigit(byte) ? 'fraction' : isE && state === 'fraction' ? 'e' : null;
    case 'e':
      return byte === 0x2b || byte === 0x2d ? 'sign' : isDigit(byte) ? 'exponent' : null;
    case 'sign':
    case 'exponent':
      return isDigit(byte) ? 'exponent' : null;
  }
}

function bytesOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) {
    table[byte] = 1;
  }
  return table;
}
