/** How long the end of an answer is waited for by whoever wants no more of it, milliseconds. */
const LEAVE_MS = 1_000;

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/**
 * The text of a body, in pieces that begin and end anywhere but within a character. Whoever leaves before the end gives up
 * what else comes, once it comes: to close the connection at once, abort the request.
 */
export async function* textOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    void leave(reader);
  }
}

/** The connection serves again when the end of the answer has been read, which has mostly come with its last event. */
async function leave(reader: Reader): Promise<void> {
  // A read that waits ends with it.
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), LEAVE_MS);
  try {
    const { done } = await reader.read();
    if (!done) {
      await reader.cancel();
    }
  } catch {
    // A TypeError or AbortError: the connection is gone already.
  } finally {
    clearTimeout(timer);
  }
}
