import { SLICE_BYTES, type Sliced } from './slices';

const OUTSIDE_ALPHABET = /[^A-Za-z0-9+/]/;

/** A text is not base64 as RFC 4648 has it. `message` says what is wrong, and where. */
export class Base64Error extends Error {
  override readonly name = 'Base64Error';
}

/**
 * Decodes base64 (RFC 4648, section 4) in place, since bytes are fewer than characters; returns where they end. There is
 * one way to write each content: with padding, with the bits zero that are not used, without white space.
 * @throws Base64Error
 */
export function* decodeBase64InPlace(
  bytes: Buffer,
  start: number,
  end: number,
  sliceBytes = SLICE_BYTES,
): Sliced<number> {
  const step = Math.max(4, sliceBytes - (sliceBytes % 4));
  let to = start;
  for (let from = start; from < end; from += step) {
    if (from > start) {
      yield;
    }
    const piece = bytes.toString('latin1', from, Math.min(end, from + step));
    const length = bytes.write(piece, to, 'base64');
    // Node passes over what it cannot read: encoded again, only what was right is the same. Padding within the text
    // makes its slice shorter.
    if (bytes.toString('base64', to, to + length) !== piece || (from + step < end && piece.endsWith('='))) {
      throw flawOf(piece, from - start, end - start);
    }
    to += length;
  }
  return to;
}

/** Returns what is wrong with a piece that begins at a character of the text. */
function flawOf(piece: string, at: number, textLength: number): Base64Error {
  const content = at + piece.length === textLength ? piece.replace(/={1,2}$/, '') : piece;
  const wrong = OUTSIDE_ALPHABET.exec(content);
  if (wrong) {
    const [character] = wrong;
    const shown = character < '\u007f' ? JSON.stringify(character) : 'what stands';
    return new Base64Error(`${shown} at character ${at + wrong.index + 1} does not belong there`);
  }
  if (textLength % 4 !== 0) {
    return new Base64Error(`${textLength} characters are no multiple of four: padding (=) is missing`);
  }
  return new Base64Error('the last character before the padding has bits that are not used, and not zero');
}
