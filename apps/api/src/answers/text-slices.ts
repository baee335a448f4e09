/** Of a text so much is looked at, or sent, at a time. */
const SLICE_CHARACTERS = 64 * 1024;

/** Returns a text in slices, of which none ends between the halves of a pair. They share the memory of the text. */
export function* slicesOf(text: string): Iterable<string> {
  for (let from = 0; from < text.length;) {
    let end = Math.min(text.length, from + SLICE_CHARACTERS);
    if (end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) {
      end++;
    }
    yield text.slice(from, end);
    from = end;
  }
}
