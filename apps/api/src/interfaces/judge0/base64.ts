import { isUtf8 } from 'node:buffer';
import type { Sliced } from '../door/slices';
import { decodedInPlace } from '../door/text-bytes';

/** As Ruby's `Base64.encode64` does it, which Judge0 uses: a line break after each sixty characters, and at the end. */
const LINE_CHARACTERS = 60;
const LINE = new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g');
/** Bytes of whole lines, which are encoded in one go. */
const SLICE_BYTES = 2_048 * ((LINE_CHARACTERS * 3) / 4);

/** Returns a text in base64, made in slices. */
export function* encoded(text: string | Buffer): Sliced<string> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  let lines = '';
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    if (start > 0) {
      yield;
    }
    lines += bytes.toString('base64', start, start + SLICE_BYTES).replace(LINE, '$&\n');
  }
  return lines;
}

/** Returns the text that stands in base64, which is overwritten; null where it is no UTF-8. What is no base64 in it is passed over, as there. */
export function decoded(base64: Buffer): Buffer | null {
  const bytes = decodedInPlace(base64, 'base64');
  return isUtf8(bytes) ? bytes : null;
}
