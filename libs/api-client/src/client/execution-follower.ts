import { answerCut, faultyAnswer } from '../errors/error-of';
import { isPycellError, type PycellError } from '../errors/pycell-error';
import { isStreamOf } from '../http/http-answer';
import { executionPath, MEDIA_TYPES } from '../http/paths';
import { EventStream, type ServerSentEvent } from '../streams/event-stream';
import { Silence } from '../streams/silence';
import type { Caller } from './caller';
import { guardedText, notStreamed } from './guarded-text';
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
    // Not before there is an answer: a host that takes its time to say nothing is no sound connection.
    let openedAt = Infinity;
    try {
      const response = await caller.open({
        path: executionPath(id, '/events'),
        headers: { Accept: MEDIA_TYPES.sse, ...(lastEventId !== '' && { 'Last-Event-ID': lastEventId }) },
        isRepeatable: true,
        signal: silence.signal,
      });
      openedAt = performance.now();
      // It has ended, and all of its events are known.
      if (response.status === 204) {
        return;
      }
      if (!isStreamOf(response, MEDIA_TYPES.sse)) {
        throw notStreamed(response);
      }
      const stream = new EventStream();
      for await (const piece of guardedText(response, silence, signal)) {
        for (const event of stream.push(piece)) {
          if (!isNext(stream.lastEventId, lastEventId)) {
            continue;
          }
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

/**
 * Whether an event comes behind the last that is known. Where something on the way drops `Last-Event-ID`, all come again.
 *
 * @throws ServiceError where one is missing between them
 */
function isNext(eventId: string, lastEventId: string): boolean {
  const number = /^\d{1,15}$/.test(eventId) ? Number(eventId) : NaN;
  const next = Number(lastEventId) + 1;
  if (number <= next) {
    return number === next;
  }
  throw faultyAnswer(`Event ${eventId.slice(0, 20) || 'without a number'} behind event ${next - 1}`);
}

/** The connection is gone, or a gateway tells that the service is: it may be back in a moment. */
function isLoss({ kind, code, status }: PycellError): boolean {
  return (
    kind === 'network' || (code === 'UNEXPECTED_ANSWER' && status !== null && status >= 502 && status <= 504)
  );
}
