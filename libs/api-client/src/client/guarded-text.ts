import { answerCut, unexpectedAnswer } from '../errors/error-of';
import type { PycellError } from '../errors/pycell-error';
import { headersOf, type StreamedResponse } from '../http/http-answer';
import { textOf } from '../streams/body-text';
import type { Silence } from '../streams/silence';

/** An answer that is none of the stream that was asked for, whose body nobody reads: it may never end. */
export function notStreamed(response: Response): PycellError {
  // It fails where the body is broken already.
  void response.body?.cancel().catch(() => undefined);
  return unexpectedAnswer(headersOf(response));
}

/**
 * The text of a body. Ends it where nothing has come for too long; the time that the reader takes for a piece does not count.
 *
 * @param signal the caller's, whose abort is thrown as it is
 * @throws NetworkError where the body breaks off, or falls silent
 */
export async function* guardedText(
  { body }: StreamedResponse,
  silence: Silence,
  signal: AbortSignal | null,
): AsyncGenerator<string, void, undefined> {
  const pieces = textOf(body);
  try {
    for (;;) {
      const { done, value } = await nextOf(pieces, silence, signal);
      if (done) {
        return;
      }
      yield value;
    }
  } finally {
    await pieces.return();
  }
}

async function nextOf(
  pieces: AsyncGenerator<string, void, undefined>,
  silence: Silence,
  signal: AbortSignal | null,
): Promise<IteratorResult<string, void>> {
  silence.broken();
  try {
    return await pieces.next();
  } catch (error) {
    signal?.throwIfAborted();
    throw silence.signal.aborted
      ? answerCut('Nothing has come for too long, not even a sign of life')
      : answerCut('The answer broke off', error);
  } finally {
    silence.rest();
  }
}
