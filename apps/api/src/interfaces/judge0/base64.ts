import { isUtf8 } from 'node:buffer';
import { decodedInPlace } from '../door/text-bytes';

/** As Ruby's `Base64.encode64` does it, which Judge0 uses: a line break after each sixty characters, and at the end. */
const LINE_CHARACTERS = 60;
const LINE = new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g');

export function encoded(text: string | Buffer): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return bytes.toString('base64').replace(LINE, '$&\n');
}

/** Returns the text that stands in base64, which is overwritten; null where it is no UTF-8. What is no base64 in it is passed over, as there. */
export function decoded(base64: Buffer): Buffer | null {
  const bytes = decodedInPlace(base64, 'base64');
  return isUtf8(bytes) ? bytes : null;
}
