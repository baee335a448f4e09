import { isArtifact, readErrorEvent, readExecuteBody } from '../answers/answer-body';
import { type Artifact, artifactOf } from '../answers/artifact';
import { parseObject } from '../answers/fields';
import { errorOfBody, faultyAnswer } from '../errors/error-of';
import type { PycellError } from '../errors/pycell-error';
import type { IntegerReading } from '../json/read-json';
import type { ExecutionReport } from '../schema/schema';
import type { ServerSentEvent } from '../streams/event-stream';
import { NOTHING_RECEIVED, resultOf } from './run-result';

/** What happens while a script runs, in this order: `start`, output, artifacts, one of `result` and `error`, `end`. */
export type RunEvent<T = unknown> =
  /** The script has been handed over. */
  | { readonly type: 'start'; readonly id: string }
  /** The script has printed this: a piece that begins and ends anywhere but within a character. */
  | { readonly type: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'artifact'; readonly artifact: Artifact }
  | {
      readonly type: 'result';
      readonly result: T;
      /** The result as Python wrote it. */
      readonly resultText: string;
      readonly execution: ExecutionReport;
    }
  /** How it ended instead. It is told, not thrown: output and artifacts have come before. */
  | { readonly type: 'error'; readonly error: PycellError }
  | { readonly type: 'end' };

/** What happens to an asynchronous execution, with the number by which its events are resumed. */
export type ExecutionEvent<T = unknown> = (RunEvent<T> | { readonly type: 'cancelled' }) & {
  /** The service's number of the event, from 1. */
  readonly eventId: string;
};

/**
 * What an event means.
 *
 * @param hasStarted whether `start` has come before
 * @returns null for a sign of life, and for what only a newer service sends
 * @throws ServiceError where its data is not what its type has
 */
export function readRunEvent<T>(
  event: ServerSentEvent,
  integers: IntegerReading,
  hasStarted: boolean,
): RunEvent<T> | null {
  const { type, data } = event;
  if (type === 'result') {
    const answer = readExecuteBody(data, NOTHING_RECEIVED);
    const read = answer && resultOf<T>(answer, integers);
    if (!read) {
      throw faultOf(type);
    }
    const { result, resultText, execution } = read;
    return { type, result, resultText, execution };
  }
  const fields = parseObject(data);
  if (!fields) {
    throw faultOf(type);
  }
  switch (type) {
    case 'start': {
      const { id } = fields;
      if (typeof id !== 'string') {
        throw faultOf(type);
      }
      return { type, id };
    }
    case 'stdout':
    case 'stderr': {
      const { text } = fields;
      if (typeof text !== 'string') {
        throw faultOf(type);
      }
      return { type, text };
    }
    case 'artifact': {
      const artifact = isArtifact(fields) ? artifactOf(fields) : null;
      if (!artifact) {
        throw faultOf(type);
      }
      return { type, artifact };
    }
    case 'error': {
      const body = readErrorEvent(fields, NOTHING_RECEIVED);
      const error = body && errorOfBody(body, { hasStarted });
      if (!error) {
        throw faultOf(type);
      }
      return { type, error };
    }
    case 'end':
      return { type };
    default:
      return null;
  }
}

function faultOf(type: string): PycellError {
  return faultyAnswer(`An event "${type}"`);
}
