import { answerCut } from '../errors/error-of';
import type { StreamedResponse } from '../http/http-answer';
import { textOf } from '../streams/body-text';
import type { Silence } from '../streams/silence';

/**
 * The text of a body. Ends it where nothing has come for too long.
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
      silence.broken();
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
  try {
    return await pieces.next();
  } catch (error) {
    signal?.throwIfAborted();
    throw silence.signal.aborted
      ? answerCut('Nothing has come for too long, not even a sign of life')
      : answerCut('The answer broke off', error);
  }
}
