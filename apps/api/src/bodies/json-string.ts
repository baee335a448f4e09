import { SLICE_BYTES, type Sliced } from './slices';

const BACKSLASH = 0x5c;
/** What the letter of an escape stands for. */
const ESCAPES = new Uint8Array(256);
for (const escape of ['""', '\\\\', '//', 'b\b', 'f\f', 'n\n', 'r\r', 't\t']) {
  ESCAPES[escape.charCodeAt(0)] = escape.charCodeAt(1);
}

/** A string holds half of a surrogate pair: that has no UTF-8 form. */
export class UnpairedSurrogateError extends Error {
  override readonly name = 'UnpairedSurrogateError';

  constructor() {
    super('it holds an unpaired surrogate');
  }
}

/**
 * Turns the text of a JSON string, without its quotes and with valid escapes, into the UTF-8 of what it says. That is
 * never longer, so it is done in place; returns where it ends.
 * @param lone what becomes of half of a surrogate pair: refused, or kept in the bytes that CESU-8 has for it
 * @throws UnpairedSurrogateError
 */
export function* unescapeInPlace(
  bytes: Buffer,
  start: number,
  end: number,
  { lone = 'refuse', sliceBytes = SLICE_BYTES }: { lone?: 'refuse' | 'keep'; sliceBytes?: number } = {},
): Sliced<number> {
  const place: Place = { from: start, to: start };
  for (;;) {
    unescapeSlice(bytes, place, Math.min(end, place.from + sliceBytes), end, lone);
    if (place.from >= end) {
      return place.to;
    }
    yield;
  }
}

/** Where the text is read, and where it is written. */
interface Place {
  from: number;
  to: number;
}

/** One slice. A loop in a generator is not optimised while it runs. */
function unescapeSlice(
  bytes: Buffer,
  place: Place,
  stop: number,
  end: number,
  lone: 'refuse' | 'keep',
): void {
  let { from, to } = place;
  while (from < stop) {
    const byte = bytes[from] ?? 0;
    if (byte !== BACKSLASH) {
      bytes[to++] = byte;
      from++;
      continue;
    }
    const simple = ESCAPES[bytes[from + 1] ?? 0] ?? 0;
    if (simple !== 0) {
      bytes[to++] = simple;
      from += 2;
      continue;
    }
    const unit = hexAt(bytes, from + 2);
    const isHigh = unit >= 0xd800 && unit < 0xdc00;
    const low = isHigh && isUnicodeEscape(bytes, from + 6, end) ? hexAt(bytes, from + 8) : 0;
    const isPair = low >= 0xdc00 && low <= 0xdfff;
    if (!isPair && unit >= 0xd800 && unit <= 0xdfff && lone === 'refuse') {
      throw new UnpairedSurrogateError();
    }
    to = writeUtf8(bytes, to, isPair ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : unit);
    from += isPair ? 12 : 6;
  }
  place.from = from;
  place.to = to;
}

function isUnicodeEscape(bytes: Buffer, at: number, end: number): boolean {
  return at + 6 <= end && bytes[at] === BACKSLASH && bytes[at + 1] === 0x75;
}

/** Reads four digits. */
function hexAt(bytes: Buffer, at: number): number {
  let value = 0;
  for (let digit = at; digit < at + 4; digit++) {
    const byte = bytes[digit] ?? 0;
    value = (value << 4) | (byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57);
  }
  return value;
}

function writeUtf8(bytes: Buffer, at: number, codePoint: number): number {
  if (codePoint < 0x80) {
    bytes[at] = codePoint;
    return at + 1;
  }
  if (codePoint < 0x800) {
    bytes[at] = 0xc0 | (codePoint >> 6);
    bytes[at + 1] = 0x80 | (codePoint & 0x3f);
    return at + 2;
  }
  if (codePoint < 0x10000) {
    bytes[at] = 0xe0 | (codePoint >> 12);
    bytes[at + 1] = 0x80 | ((codePoint >> 6) & 0x3f);
    bytes[at + 2] = 0x80 | (codePoint & 0x3f);
    return at + 3;
  }
  bytes[at] = 0xf0 | (codePoint >> 18);
  bytes[at + 1] = 0x80 | ((codePoint >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((codePoint >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (codePoint & 0x3f);
  return at + 4;
}
