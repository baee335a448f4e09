import { BodyBytes } from '../../bodies/body-bytes';

/**
 * Returns the UTF-8 of a text of a body, whichever way that was read; null of what is no text, or has half of a surrogate pair.
 * That of a large body lies in the body.
 */
export function textBytesOf(value: unknown): Buffer | null {
  if (value instanceof BodyBytes) {
    return value.bytes;
  }
  return typeof value === 'string' && value.isWellFormed() ? Buffer.from(value) : null;
}

/** Whether it is a text of a body at all. */
export function isTextOfBody(value: unknown): boolean {
  return typeof value === 'string' || value instanceof BodyBytes;
}

/**
 * Returns what bytes of text encode, in the place of the text itself, which is overwritten. What is no digit is passed over.
 */
export function decodedInPlace(text: Buffer, encoding: 'base64' | 'hex'): Buffer {
  return text.subarray(0, text.write(text.toString('latin1'), encoding));
}
