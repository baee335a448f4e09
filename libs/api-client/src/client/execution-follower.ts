import { answerCut, unexpectedAnswer } from '../errors/error-of';
import { isPycellError, type PycellError } from '../errors/pycell-error';
import { isStreamOf, readAnswer } from '../http/http-answer';
import { executionPath, MEDIA_TYPES } from '../http/paths';
import { EventStream, type ServerSentEvent } from '../streams/event-stream';
import { Silence } from '../streams/silence';
import type { Caller } from './caller';
import { guardedText } from './guarded-text';
import { pause } from './pause';

/** After a lost connection, milliseconds: doubled each time, up to the maximum, until something comes again. */
const MIN_WAIT_MS = 150;
const MAX_WAIT_MS = 10_000;
/** Connections in a row that bring no event and soon break, after which it is given up. */
const MOST_LOST = 6;
/** A connection that held so long is no sign of trouble: the service closes each after ten minutes. Milliseconds. */
const SOUND_MS = 10_000;

export interface Following {
  readonly id: string;
  /** The number of the last event that is known; empty: none. */
  readonly lastEventId: string;
  readonly signal: AbortSignal | null;
  /** Whether nothing more is wanted, by the type of an event that has come, or has only begun. */
  readonly isEnough?: (type: string) => boolean;
}

/** An event with its number. */
export interface NumberedEvent extends ServerSentEvent {
  readonly eventId: string;
}

/**
 * The events of an asynchronous execution, to `end`: a connection that is lost, or closed without `end`, is opened again
 * behind the last event that came.
 *
 * @throws PycellError where the service refuses, or the connection is lost again and again
 */
export async function* followExecution(
  caller: Caller,
  { id, signal, isEnough, ...following }: Following,
): AsyncGenerator<NumberedEvent, void, undefined> {
  let { lastEventId } = following;
  let lost = 0;
  for (;;) {
    const silence = new Silence(signal);
    const before = lastEventId;
    const openedAt = performance.now();
    try {
      const response = await caller.open({
        path: executionPath(id, '/events'),
        headers: { Accept: MEDIA_TYPES.sse, ...(lastEventId !== '' && { 'Last-Event-ID': lastEventId }) },
        isRepeatable: true,
        signal: silence.signal,
      });
      // It has ended, and all of its events are known.
      if (response.status === 204) {
        return;
      }
      if (!isStreamOf(response, MEDIA_TYPES.sse)) {
        throw unexpectedAnswer(await readAnswer(response));
      }
      silence.broken();
      const stream = new EventStream();
      for await (const piece of guardedText(response, silence, signal)) {
        for (const event of stream.push(piece)) {
          lastEventId = stream.lastEventId;
          if (isEnough?.(event.type)) {
            return;
          }
          // Before it is handed out: whoever has the last event need not come again.
          if (event.type === 'end') {
            silence.release();
          }
          yield { ...event, eventId: lastEventId };
          if (event.type === 'end') {
            return;
          }
        }
        if (isEnough?.(stream.begunType)) {
          return;
        }
      }
      throw answerCut('The stream ended before its last event');
    } catch (error) {
      if (!isPycellError(error) || !isLoss(error)) {
        throw error;
      }
      const isSound = lastEventId !== before || performance.now() - openedAt > SOUND_MS;
      lost = isSound ? 0 : lost + 1;
      if (lost >= MOST_LOST) {
        throw error;
      }
    } finally {
      silence.end();
    }
    await pause(Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** lost), signal);
  }
}

/** The connection is gone, or a gateway tells that the service is: it may be back in a moment. */
function isLoss({ kind, code, status }: PycellError): boolean {
  return (
    kind === 'network' || (code === 'UNEXPECTED_ANSWER' && status !== null && status >= 502 && status <= 504)
  );
}
