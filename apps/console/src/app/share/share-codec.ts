/**
 * A script in the fragment of an address: `#script=1.` and the base64url of its UTF-8 bytes, deflated. The fragment
 * never leaves the browser. The figure is the version of this form.
 */
const PREFIX = '#script=';
const VERSION = '1';

/** From here on some programs cut an address when it is sent; characters. */
export const LONG_LINK_LENGTH = 8_000;

/** Why a fragment holds no script that we show. */
export type DecodingProblem =
  /** it is no script link at all */
  | 'foreign'
  /** a newer console wrote it */
  | 'newer'
  /** cut off, or changed on the way */
  | 'damaged'
  /** more than any script may be: it is not even unpacked */
  | 'too-large';

export type DecodedShare =
  | { readonly kind: 'script'; readonly script: string }
  | { readonly kind: 'problem'; readonly problem: DecodingProblem };

/** Whether a fragment means to be a script link. */
export function isScriptFragment(fragment: string): boolean {
  return fragment.startsWith(PREFIX);
}

/** @returns the fragment with its `#` */
export async function encodeScript(script: string): Promise<string> {
  const bytes = new TextEncoder().encode(script);
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return `${PREFIX}${VERSION}.${toBase64Url(await readBounded(stream, Number.POSITIVE_INFINITY))}`;
}

/** @param maxUnpackedBytes how much the script may be when unpacked; a bomb is stopped there */
export async function decodeScript(fragment: string, maxUnpackedBytes: number): Promise<DecodedShare> {
  if (!isScriptFragment(fragment)) return problem('foreign');
  // Deflate makes nothing longer by more than some bytes in each 16 kB, base64 by a third.
  if (fragment.length > maxUnpackedBytes * 1.4 + 64) return problem('too-large');
  const [version = '', text, ...rest] = fragment.slice(PREFIX.length).split('.');
  if (version !== VERSION) return problem(/^\d{1,4}$/.test(version) ? 'newer' : 'damaged');
  if (text === undefined || rest.length > 0) return problem('damaged');
  const packed = fromBase64Url(text);
  if (!packed) return problem('damaged');
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const bytes = await readBounded(stream, maxUnpackedBytes);
    const script = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { kind: 'script', script };
  } catch (error) {
    if (error instanceof TooLargeError) return problem('too-large');
    // A TypeError: the bytes are not deflated, end too early, or are no UTF-8.
    return problem('damaged');
  }
}

class TooLargeError extends Error {}

function problem(kind: DecodingProblem): DecodedShare {
  return { kind: 'problem', problem: kind };
}

/** @throws TooLargeError as soon as more than `maxBytes` bytes have come; the rest is not unpacked */
async function readBounded(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw new TooLargeError();
    }
    pieces.push(value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function toBase64Url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    // InvalidCharacterError: a length that base64 never has.
    return null;
  }
}
