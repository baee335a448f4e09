import type { FileContent } from '../../script/run-setup';

/** A multiple of three, so that no piece but the last has padding; small enough to be the arguments of one call. */
const PIECE_BYTES = 24_576;

/** The content of a file as it is sent: as text where it is UTF-8, and what the text becomes again is the same bytes. */
export function contentOf(bytes: Uint8Array): FileContent {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    // A TypeError: it is no UTF-8.
    return { base64: base64Of(bytes) };
  }
}

function base64Of(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES))));
  }
  return pieces.join('');
}
