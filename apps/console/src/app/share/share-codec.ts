import { LIMITS } from '@pycell/contracts';
import { readSetup } from '../script/read-setup';
import { isPlain, PLAIN_SETUP, type RunSetup } from '../script/run-setup';

/**
 * A script in the fragment of an address: `#script=1.` and the base64url of its UTF-8 bytes, deflated. The fragment
 * never leaves the browser. The figure is the version of this form: 2 is the same of a JSON object that holds the script
 * and what it is run with. What is nothing but a script stays 1, which older consoles open.
 */
const PREFIX = '#script=';
const SCRIPT_VERSION = '1';
const SETUP_VERSION = '2';

/**
 * UTF-8 needs at most four bytes for a character. The limit of the API in force is not asked: it is unknown until the
 * API has answered, which a link need not wait for. The editor says what is too large to run.
 */
export const MAX_SHARED_BYTES = LIMITS.maxScriptSize.max * 4;

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
  | { readonly kind: 'script'; readonly script: string; readonly setup: RunSetup }
  | { readonly kind: 'problem'; readonly problem: DecodingProblem };

/** Whether a fragment means to be a script link. */
export function isScriptFragment(fragment: string): boolean {
  return fragment.startsWith(PREFIX);
}

/**
 * @param setup what it is run with; its files do not go along
 * @returns the fragment with its `#`
 */
export async function encodeScript(script: string, setup: RunSetup = PLAIN_SETUP): Promise<string> {
  const { bytes, version } = packed(script, setup);
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return `${PREFIX}${version}.${toBase64Url(await readBounded(stream, Number.POSITIVE_INFINITY))}`;
}

/** How much a link holds, unpacked; bytes. */
export function sharedBytes(script: string, setup: RunSetup): number {
  return packed(script, setup).bytes.length;
}

function packed(
  script: string,
  { files: _, ...setup }: RunSetup,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly version: string } {
  const isScriptAlone = isPlain({ ...setup, files: [] });
  return {
    bytes: new TextEncoder().encode(isScriptAlone ? script : JSON.stringify({ script, ...setup })),
    version: isScriptAlone ? SCRIPT_VERSION : SETUP_VERSION,
  };
}

/** @param maxUnpackedBytes how much it may be when unpacked; a bomb is stopped there */
export async function decodeScript(fragment: string, maxUnpackedBytes: number): Promise<DecodedShare> {
  if (!isScriptFragment(fragment)) return problem('foreign');
  // Deflate makes nothing longer by more than some bytes in each 16 kB, base64 by a third.
  if (fragment.length > maxUnpackedBytes * 1.4 + 64) return problem('too-large');
  const [version = '', text, ...rest] = fragment.slice(PREFIX.length).split('.');
  if (version !== SCRIPT_VERSION && version !== SETUP_VERSION)
    return problem(/^\d{1,4}$/.test(version) ? 'newer' : 'damaged');
  if (text === undefined || rest.length > 0) return problem('damaged');
  const received = fromBase64Url(text);
  if (!received) return problem('damaged');
  try {
    const stream = new Blob([received]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    const bytes = await readBounded(stream, maxUnpackedBytes);
    const unpacked = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return version === SCRIPT_VERSION
      ? { kind: 'script', script: unpacked, setup: PLAIN_SETUP }
      : readShared(unpacked);
  } catch (error) {
    if (error instanceof TooLargeError) return problem('too-large');
    // A TypeError: the bytes are not deflated, end too early, or are no UTF-8. A SyntaxError: they are no JSON.
    return problem('damaged');
  }
}

/** @throws SyntaxError where it is no JSON */
function readShared(json: string): DecodedShare {
  const value = JSON.parse(json) as { readonly script?: unknown } | null;
  if (typeof value?.script !== 'string') return problem('damaged');
  // Files come from the user's machine only.
  return { kind: 'script', script: value.script, setup: { ...readSetup(value), files: [] } };
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
