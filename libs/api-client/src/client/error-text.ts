import { mediaTypeOf } from '../http/http-answer';

/** The body of an error is there at once, and may have to come over a slow line. Milliseconds. */
const MOST_MS = 60_000;
/**
 * Of an error in JSON, bytes. The longest that a service with the usual limits gives has 19 MiB: what was printed, which JSON may
 * write with six bytes for one, and files in base64. A host that is none sends what it likes, and its 503 is asked for again.
 */
const MOST_OF_JSON = 64 * 1_048_576;
/** Of what is none of pycell's, bytes: a page of a gateway. Nothing is made of it. */
const MOST_OF_OTHERS = 65_536;
/** What holding one piece takes besides its bytes: many small ones would hold a multiple of what they say. Bytes. */
const PIECE_BYTES = 64;

/**
 * The body of an answer that is an error. Who asks has no use for one that does not end: it is left then, and what has come of
 * it is returned. Throws what `fetch` throws where it breaks off, and a RangeError where a text in JSON is longer than an error is.
 */
export async function errorTextOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) {
    // Not every `fetch` has streams: then the whole body has come before the answer.
    return response.text();
  }
  const isJson = ['', 'application/json'].includes(mediaTypeOf(response));
  const most = isJson ? MOST_OF_JSON : MOST_OF_OTHERS;
  const leave = (): void => void reader.cancel().catch(() => undefined);
  // A read that waits ends with it.
  const timer = setTimeout(leave, MOST_MS);
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  try {
    for (let held = 0; held <= most;) {
      const { done, value } = await reader.read();
      if (done) {
        return pieces.join('');
      }
      held += value.byteLength + PIECE_BYTES;
      pieces.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
  }
  leave();
  if (isJson) {
    throw new RangeError(`An error of more than ${most} bytes`);
  }
  return pieces.join('');
}
