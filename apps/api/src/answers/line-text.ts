/**
 * What ends a line for some readers, and what JSON leaves as it is: U+0085, U+2028 and U+2029, at which Python's
 * `str.splitlines` splits, for instance. The others (line feed, carriage return, U+000B, U+000C, U+001C to U+001E) are
 * control characters, which JSON has as escapes only.
 */
const SEPARATORS = /[\u0085\u2028\u2029]/;
const SEPARATOR_BYTES = ['\u0085', '\u2028', '\u2029'].map((separator) => Buffer.from(separator));

/** So many characters or bytes are made at a time: a millisecond at most in which nobody else is served. */
const SLICE_LENGTH = 16 * 1024;
/** Bytes that are sent as they are cost next to nothing. */
const PLAIN_SLICE_BYTES = 64 * 1024;
/** A multiple of three, so that pieces of base64 can be joined. */
const BASE64_SLICE_BYTES = 48 * 1024;

/** Returns JSON text in which no character can end a line: in JSON these can be within strings only, where an escape says the same. */
export function lineSafe(json: string): string {
  return SEPARATORS.test(json)
    ? json.replaceAll('\u0085', '\\u0085').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
    : json;
}

/** Returns a value as JSON in which no character can end a line. */
export function lineOf(value: unknown): string {
  return lineSafe(JSON.stringify(value));
}

/** Gives JSON text of any size as it is, but for characters that can end a line. */
export function* lineSafeBytes(json: Buffer): Iterable<Buffer> {
  for (const slice of slicesOf(json, PLAIN_SLICE_BYTES)) {
    if (SEPARATOR_BYTES.some((separator) => slice.includes(separator))) {
      for (const part of slicesOf(slice, SLICE_LENGTH)) {
        yield Buffer.from(lineSafe(part.toString('utf8')));
      }
    } else {
      yield slice;
    }
  }
}

function* slicesOf(utf8: Buffer, length: number): Iterable<Buffer> {
  for (let from = 0; from < utf8.length;) {
    const end = endOfSlice(utf8, from + length);
    yield utf8.subarray(from, end);
    from = end;
  }
}

/** Returns where a slice ends that cuts no character. */
function endOfSlice(utf8: Buffer, wanted: number): number {
  let end = Math.min(utf8.length, wanted);
  while (end < utf8.length && ((utf8[end] ?? 0) & 0xc0) === 0x80) {
    end++;
  }
  return end;
}

/** Gives a text of any size as it stands within the quotes of a JSON string. */
export function* stringPieces(text: string): Iterable<string> {
  for (let from = 0; from < text.length;) {
    let end = Math.min(text.length, from + SLICE_LENGTH);
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) {
      end++;
    }
    yield lineOf(text.slice(from, end)).slice(1, -1);
    from = end;
  }
}

/** Gives the base64 of bytes. */
export function* base64Pieces(bytes: Buffer): Iterable<string> {
  for (let from = 0; from < bytes.length; from += BASE64_SLICE_BYTES) {
    yield bytes.toString('base64', from, from + BASE64_SLICE_BYTES);
  }
}
