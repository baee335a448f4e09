/** A multiple of three, so that no piece but the last has padding; small enough to be the arguments of one call. */
const PIECE_BYTES = 24_576;

export function base64Of(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES))));
  }
  return pieces.join('');
}

/** @returns null where the text is no base64 */
export function bytesOfBase64(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(base64);
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    // InvalidCharacterError: a character, or a length, that base64 never has.
    return null;
  }
}
