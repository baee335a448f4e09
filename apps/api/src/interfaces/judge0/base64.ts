/** As Ruby's `Base64.encode64` does it, which Judge0 uses: a line break after each sixty characters, and at the end. */
const LINE_CHARACTERS = 60;
const LINE = new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g');

export function encoded(text: string): string {
  return Buffer.from(text).toString('base64').replace(LINE, '$&\n');
}

/** Returns the text that stands in base64; null where it is no UTF-8. What is no base64 in it is passed over, as there. */
export function decoded(base64: string): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    // A TypeError: there is no way to ask first that does not read it twice.
    return null;
  }
}
