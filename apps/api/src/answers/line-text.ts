/**
 * What ends a line for some readers, and what JSON leaves as it is: U+0085, U+2028 and U+2029, at which Python's
 * `str.splitlines` splits, for instance. The others (line feed, carriage return, U+000B, U+000C, U+001C to U+001E) are
 * control characters, which JSON has as escapes only.
 */
const SEPARATORS = /[\u0085\u2028\u2029]/g;
const SEPARATOR_BYTES = ['\u0085', '\u2028', '\u2029'].map((separator) => Buffer.from(separator));

/** So many characters or bytes are made at a time: a fraction of a millisecond in which nobody else is served. */
const SLICE_LENGTH = 64 * 1024;
/** A multiple of three, so that pieces of base64 can be joined. */
const BASE64_SLICE_BYTES = 48 * 1024;

/** Returns JSON text in which no character can end a line: in JSON these can be within strings only, where an escape says the same. */
export function lineSafe(json: string): string {
  return json.search(SEPARATORS) < 0
    ? json
    : json.replace(SEPARATORS, (separator) => `\\u${separator.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Returns a value as JSON in which no character can end a line. */
export function lineOf(value: unknown): string {
  return lineSafe(JSON.stringify(value));
}

/** Gives JSON text of any size as it is, but for characters that can end a line. */
export function* lineSafeBytes(json: Buffer): Iterable<Buffer> {
  for (let from = 0; from < json.length;) {
    const end = endOfSlice(json, from + SLICE_LENGTH);
    const slice = json.subarray(from, end);
    yield SEPARATOR_BYTES.some((separator) => slice.includes(separator))
      ? Buffer.from(lineSafe(slice.toString('utf8')))
      : slice;
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
