import { isUtf8 } from 'node:buffer';
import type { Sliced } from './slices';

/** The check is so much faster than what else is done with bytes. */
const CHECK_FACTOR = 16;

/** Whether bytes are UTF-8. */
export function* isUtf8InSlices(bytes: Buffer, sliceBytes: number): Sliced<boolean> {
  for (let from = 0; from < bytes.length;) {
    const end = endOfPiece(bytes, from + sliceBytes * CHECK_FACTOR);
    if (!isUtf8(bytes.subarray(from, end))) {
      return false;
    }
    from = end;
    if (from < bytes.length) {
      yield;
    }
  }
  return true;
}

/** Returns the string that UTF-8 says. */
export function* decodeText(bytes: Buffer, sliceBytes: number): Sliced<string> {
  const pieces: string[] = [];
  for (let from = 0; from < bytes.length;) {
    const end = endOfPiece(bytes, from + sliceBytes);
    pieces.push(bytes.toString('utf8', from, end));
    from = end;
    yield;
  }
  return pieces.join('');
}

/** Returns how many code points UTF-8 says. */
export function* countCharacters(bytes: Buffer, sliceBytes: number): Sliced<number> {
  let count = 0;
  for (let from = 0; from < bytes.length; from += sliceBytes) {
    count += charactersOf(bytes, from, Math.min(bytes.length, from + sliceBytes));
    yield;
  }
  return count;
}

/** A loop in a generator is not optimised while it runs. */
function charactersOf(bytes: Buffer, from: number, end: number): number {
  let count = 0;
  for (let at = from; at < end; at++) {
    count += isContinuation(bytes[at]) ? 0 : 1;
  }
  return count;
}

/** Returns the end of a piece that cuts no character: at most three bytes behind the one that is wanted. */
function endOfPiece(bytes: Buffer, wanted: number): number {
  let end = Math.min(bytes.length, wanted);
  while (end < Math.min(bytes.length, wanted + 3) && isContinuation(bytes[end])) {
    end++;
  }
  return end;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
