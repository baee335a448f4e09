const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
/** Square brackets; the others have one bit more. */
const OPENS = 0x5b;
const CLOSES = 0x5d;
const LOWER_D = 0x64;
const LOWER_U = 0x75;
/** An escape of a string: a backslash, u and four digits. */
const ESCAPE_BYTES = 6;
/** What stands for what is no character. */
const REPLACEMENT = 'fffd';
/** Parsers of clients end at 128 levels, or at 200, and the answer has some around the result. */
const MAX_DEPTH = 100;
/** Python makes no number of more digits, unless it is told to. */
const MAX_DIGITS = 4_300;

/**
 * Returns the JSON of a return value for the structured content, as parsers of clients can read it: well-formed, and a value that
 * nests deeper than they go, or has a longer number, as a string that has its JSON.
 * @param json as Python wrote it, found to be one value; it is not changed
 */
export function readableResult(json: Buffer): Buffer | string {
  return wellFormed(json, MAX_DEPTH, MAX_DIGITS) ?? JSON.stringify(json.toString());
}

/** Returns JSON in which U+FFFD stands for each half of a surrogate pair that is alone: many parsers end there. */
export function wellFormedJson(json: string): string {
  // Those alone are escaped in what JSON.stringify writes.
  return json.includes('\\ud') ? String(wellFormed(Buffer.from(json), Infinity, Infinity)) : json;
}

/** Returns null where it nests deeper, or has a longer run of digits. */
function wellFormed(json: Buffer, maxDepth: number, maxDigits: number): Buffer | null {
  let written = json;
  let depth = 0;
  let digits = 0;
  let isString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (isString && byte === BACKSLASH) {
      const { length, isLone } = escapeAt(json, at);
      if (isLone) {
        written = written === json ? Buffer.from(json) : written;
        written.write(REPLACEMENT, at + 2, 'latin1');
      }
      at += length - 1;
    } else if (byte === QUOTE) {
      isString = !isString;
    } else if (!isString) {
      digits = byte >= ZERO && byte <= NINE ? digits + 1 : 0;
      // Of both kinds of brackets.
      const bracket = byte & ~0x20;
      depth += bracket === OPENS ? 1 : bracket === CLOSES ? -1 : 0;
      if (depth > maxDepth || digits > maxDigits) {
        return null;
      }
    }
  }
  return written;
}

/** Looks at an escape of a string: how many bytes belong together, and whether they are half a surrogate pair. */
function escapeAt(json: Buffer, at: number): { readonly length: number; readonly isLone: boolean } {
  if (json[at + 1] !== LOWER_U) {
    return { length: 2, isLone: false };
  }
  const half = halfAt(json, at);
  const isPair =
    half === 'high' && json[at + ESCAPE_BYTES] === BACKSLASH && halfAt(json, at + ESCAPE_BYTES) === 'low';
  return { length: isPair ? 2 * ESCAPE_BYTES : ESCAPE_BYTES, isLone: half !== null && !isPair };
}

/** Which half of a pair an escape is: D800 to DBFF, or DC00 to DFFF. */
function halfAt(json: Buffer, at: number): 'high' | 'low' | null {
  const [u, d, digit] = [json[at + 1], json[at + 2] ?? 0, json[at + 3] ?? 0];
  if (u !== LOWER_U || (d | 0x20) !== LOWER_D || digit < 0x38) {
    return null;
  }
  // 8, 9, a and b before c to f, in either case.
  return digit <= NINE || (digit | 0x20) < 0x63 ? 'high' : 'low';
}
