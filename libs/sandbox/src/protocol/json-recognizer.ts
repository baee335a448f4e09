/** How reading went: one whole value, something else, or a value that nests too deep. */
export type Recognition = 'one-value' | 'not-one-value' | 'too-deep';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LOWER_U = 0x75;
const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word));
/** What may follow a backslash in a string, but for `u`. */
const SIMPLE_ESCAPES = new Set(Buffer.from('"\\/bfnrt'));

/**
 * Says whether bytes are exactly one JSON value (RFC 8259) that nests at most `maxDepth` deep.
 *
 * `JSON.parse` would tell as well, and build every object on the way: the bytes come from a hostile process, and 4 MiB
 * of small objects with differing keys cost it 0.7 s of the event loop and hundreds of MiB. This walks the bytes once
 * and allocates nothing that grows with them.
 */
export class JsonRecognizer {
  private at = 0;
  private depth = 0;
  private begun = false;
  /** For each open container, whether it is an object. */
  private readonly isObject: Uint8Array;

  constructor(
    private readonly text: Uint8Array,
    private readonly maxDepth: number,
  ) {
    this.isObject = new Uint8Array(maxDepth + 1);
  }

  /** Reads to the end. */
  recognize(): Recognition {
    return this.recognizeUpTo(Infinity) ?? 'not-one-value';
  }

  /** Reads on, and returns null when it has come past `end` and there is more: call it again, with a larger one. */
  recognizeUpTo(end: number): Recognition | null {
    if (!this.begun) {
      this.begun = true;
      if (!this.readValue()) {
        return this.failure();
      }
    }
    while (this.depth > 0) {
      if (this.at > end) {
        return null;
      }
      if (!this.readNextInContainer()) {
        return this.failure();
      }
    }
    this.skipSpace();
    return this.at === this.text.length ? 'one-value' : 'not-one-value';
  }

  private failure(): Recognition {
    return this.depth > this.maxDepth ? 'too-deep' : 'not-one-value';
  }

  /** Reads a scalar, or opens a container and what it begins with, as deep as that goes. */
  private readValue(): boolean {
    for (;;) {
      this.skipSpace();
      const byte = this.text[this.at];
      if (byte !== OPEN_BRACKET && byte !== OPEN_BRACE) {
        return this.readScalar(byte);
      }
      this.at++;
      this.depth++;
      if (this.depth > this.maxDepth) {
        return false;
      }
      this.isObject[this.depth] = byte === OPEN_BRACE ? 1 : 0;
      this.skipSpace();
      if (this.text[this.at] === (byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET)) {
        this.at++;
        this.depth--;
        return true;
      }
      if (byte === OPEN_BRACE && !this.readKey()) {
        return false;
      }
    }
  }

  /** After a value in a container: closes it, or reads a comma and the next value. */
  private readNextInContainer(): boolean {
    this.skipSpace();
    const inObject = this.isObject[this.depth] === 1;
    const byte = this.text[this.at++];
    if (byte === (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
      this.depth--;
      return true;
    }
    return byte === COMMA && (!inObject || this.readKey()) && this.readValue();
  }

  private readKey(): boolean {
    this.skipSpace();
    if (!this.readString()) {
      return false;
    }
    this.skipSpace();
    return this.text[this.at++] === COLON;
  }

  private readScalar(byte: number | undefined): boolean {
    if (byte === QUOTE) {
      return this.readString();
    }
    if (byte === MINUS || isDigit(byte)) {
      return this.readNumber();
    }
    return LITERALS.some((literal) => this.readLiteral(literal));
  }

  private readLiteral(literal: Uint8Array): boolean {
    for (let index = 0; index < literal.length; index++) {
      if (this.text[this.at + index] !== literal[index]) {
        return false;
      }
    }
    this.at += literal.length;
    return true;
  }

  private readString(): boolean {
    if (this.text[this.at++] !== QUOTE) {
      return false;
    }
    for (;;) {
      const byte = this.text[this.at++];
      if (byte === QUOTE) {
        return true;
      }
      if (byte === undefined || byte < 0x20 || (byte === BACKSLASH && !this.readEscape())) {
        return false;
      }
    }
  }

  private readEscape(): boolean {
    const byte = this.text[this.at++];
    if (byte !== LOWER_U) {
      return byte !== undefined && SIMPLE_ESCAPES.has(byte);
    }
    for (let digits = 0; digits < 4; digits++) {
      if (!isHexDigit(this.text[this.at++])) {
        return false;
      }
    }
    return true;
  }

  private readNumber(): boolean {
    if (this.text[this.at] === MINUS) {
      this.at++;
    }
    if (this.text[this.at] === ZERO) {
      this.at++;
    } else if (!this.readDigits()) {
      return false;
    }
    if (this.text[this.at] === DOT) {
      this.at++;
      if (!this.readDigits()) {
        return false;
      }
    }
    const byte = this.text[this.at];
    if (byte !== 0x65 && byte !== 0x45) {
      return true;
    }
    this.at++;
    if (this.text[this.at] === PLUS || this.text[this.at] === MINUS) {
      this.at++;
    }
    return this.readDigits();
  }

  /** Reads digits; false when there is none. */
  private readDigits(): boolean {
    const start = this.at;
    while (isDigit(this.text[this.at])) {
      this.at++;
    }
    return this.at > start;
  }

  private skipSpace(): void {
    for (;;) {
      const byte = this.text[this.at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        return;
      }
      this.at++;
    }
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isHexDigit(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
