/** The body of an error is there at once, and may have to come over a slow line. Milliseconds. */
const MOST_MS = 60_000;

/**
 * The body of an answer that is an error. Who asks has no use for one that does not end: it is left then, and what has come of
 * it is returned. Throws what `fetch` throws where it breaks off.
 */
export async function errorTextOf(response: Response): Promise<string> {
  // Not every `fetch` has streams.
  const reader = response.body?.getReader();
  if (!reader) {
    return response.text();
  }
  // A read that waits ends with it.
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), MOST_MS);
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return pieces.join('');
      }
      pieces.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
  }
}
