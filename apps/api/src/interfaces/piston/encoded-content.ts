const EQUALS = 0x3d;
const IS_BLANK = tableOf('\t\n\v\f\r ');
const IS_DIGIT = tableOf('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const IS_HEX = tableOf('0123456789abcdefABCDEF');

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(characters)) {
    table[byte] = 1;
  }
  return table;
}

// By index: an iterator takes ten times as long, which is a tenth of a second for a large body.

/** Whether bytes are base64, with blanks in it or none, and with its padding or without. */
export function isBase64(text: Buffer): boolean {
  let padding = 0;
  let at = 0;
  while (at < text.length) {
    const byte = text[at++] ?? 0;
    if (byte === EQUALS) {
      padding++;
    } else if (IS_BLANK[byte] !== 1 && (padding > 0 || IS_DIGIT[byte] !== 1)) {
      return false;
    }
  }
  return padding <= 2;
}

/** Whether bytes are pairs of hexadecimal digits. */
export function isHex(text: Buffer): boolean {
  let at = 0;
  while (at < text.length && IS_HEX[text[at] ?? 0] === 1) {
    at++;
  }
  return at === text.length && text.length % 2 === 0;
}
