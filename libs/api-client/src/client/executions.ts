import { type ExecutionRecord, hasEnded, readExecutionRecord } from '../answers/execution-record';
import { unexpectedAnswer } from '../errors/error-of';
import { isPycellError } from '../errors/pycell-error';
import type { HttpAnswer } from '../http/http-answer';
import { newIdempotencyKey } from '../http/idempotency-key';
import { executionPath, PATHS } from '../http/paths';
import type { IntegerReading } from '../json/read-json';
import { type ExecutionEvent, readRunEvent } from '../results/run-event';
import { endOfBody, type RunEnd } from '../results/run-result';
import type { ExecutionFacts } from '../schema/schema';
import { isOfEnd } from '../streams/event-types';
import type { Caller, CallOptions } from './caller';
import { followExecution } from './execution-follower';
import { pause } from './pause';
import { bodyOfExecution, type StartRequest } from './requests';

/** An asynchronous execution, with what became of it once it has ended. */
export type Execution<T = unknown> = Omit<ExecutionFacts, 'status'> &
  (RunEnd<T> | { readonly status: 'queued' | 'running' | 'cancelled' });

/** One that has an end, which does not change any more. */
export type EndedExecution<T = unknown> = Omit<ExecutionFacts, 'status'> &
  (RunEnd<T> | { readonly status: 'cancelled' });

export interface StartOptions extends CallOptions {
  /**
   * Under which the execution is started once, however often the request is sent: 1 to 255 visible characters of ASCII, and no
   * secret. By default a new one for each call. Give your own to send a start again after your program was restarted.
   */
  readonly idempotencyKey?: string;
}

export interface EventsOptions extends CallOptions {
  /** `eventId` of the last event that is known: those behind it are told. By default all. */
  readonly lastEventId?: string;
}

/** Between two questions where events do not come through, milliseconds. */
const ASK_AGAIN_MS = 1_000;
/** The record may be a moment behind the events. Milliseconds. */
const BEHIND_MS = 50;

/** Executions that go on without a connection, and until `cancel`: `POST /executions` and what follows from it. */
export class Executions {
  constructor(
    private readonly caller: Caller,
    private readonly integers: IntegerReading,
  ) {}

  /**
   * Starts an execution, and returns as soon as the service keeps it. It is sent again after a lost connection: its idempotency
   * key lets one execution come of it.
   *
   * @throws RefusedError, ServiceError, NetworkError; ScriptError where the script is too large. TypeError for what cannot be sent
   */
  async start(request: StartRequest, options: StartOptions = {}): Promise<ExecutionFacts> {
    const { signal = null, idempotencyKey = newIdempotencyKey() } = options;
    if (!/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
      throw new TypeError('idempotencyKey must be 1 to 255 visible ASCII characters');
    }
    const answer = await this.caller.send({
      method: 'POST',
      path: PATHS.executions,
      body: await bodyOfExecution(request),
      headers: { 'Idempotency-Key': idempotencyKey },
      isRepeatable: true,
      signal,
    });
    return recordOf(answer).facts;
  }

  /**
   * What has become of it, with its outcome once it has ended.
   *
   * @throws RefusedError `NOT_FOUND` where it is not there, is forgotten, or was started with another key
   */
  async get<T = unknown>(id: string, { signal = null }: CallOptions = {}): Promise<Execution<T>> {
    const path = pathOf(id);
    return this.executionOf(await this.caller.send({ path, isRepeatable: true, signal }));
  }

  /** Ends it, unless it has ended. @returns what has become of it */
  async cancel(id: string, { signal = null }: CallOptions = {}): Promise<ExecutionFacts> {
    const path = pathOf(id);
    const answer = await this.caller.send({ method: 'DELETE', path, isRepeatable: true, signal });
    return recordOf(answer).facts;
  }

  /**
   * What happens to it, from the beginning or behind `lastEventId`, to its end. A connection that is lost is opened again, and
   * nothing is missing and nothing comes twice.
   *
   * @throws RefusedError, ServiceError, and NetworkError where the connection is lost again and again
   */
  async *events<T = unknown>(
    id: string,
    { signal = null, lastEventId = '' }: EventsOptions = {},
  ): AsyncGenerator<ExecutionEvent<T>, void, undefined> {
    pathOf(id);
    if (!/^\d{0,10}$/.test(lastEventId)) {
      throw new TypeError(`lastEventId is "${lastEventId.slice(0, 80)}": it must be the eventId of an event`);
    }
    // Its first event is `start`, unless it ends without having begun.
    let hasStarted = lastEventId !== '';
    for await (const event of followExecution(this.caller, { id, lastEventId, signal })) {
      const { eventId } = event;
      const read =
        event.type === 'cancelled'
          ? ({ type: 'cancelled' } as const)
          : readRunEvent<T>(event, this.integers, hasStarted);
      hasStarted ||= event.type === 'start';
      if (read) {
        yield { ...read, eventId };
      }
    }
  }

  /**
   * Waits for its end: by its events, or by asking every second where something on the way lets no stream through.
   *
   * @returns how it ended; a script that failed is a value here, and not thrown
   */
  async wait<T = unknown>(id: string, { signal = null }: CallOptions = {}): Promise<EndedExecution<T>> {
    let mayListen = true;
    for (;;) {
      const execution = await this.get<T>(id, { signal });
      if (isEnded(execution)) {
        return execution;
      }
      mayListen &&= await this.listened(id, signal);
      await pause(mayListen ? BEHIND_MS : ASK_AGAIN_MS, signal);
    }
  }

  /** Listens until its outcome begins, which is asked for then and need not come twice. @returns false: there are no events */
  private async listened(id: string, signal: AbortSignal | null): Promise<boolean> {
    const events = followExecution(this.caller, { id, lastEventId: '', signal, isEnough: isOfEnd });
    try {
      while (!(await events.next()).done) {
        // What it prints is not wanted; the outcome has all of it.
      }
      return true;
    } catch (error) {
      // Too many streams, a proxy that cuts them: the record can be asked for all the same.
      if (isPycellError(error) && error.kind !== 'refused') {
        return false;
      }
      throw error;
    }
  }

  private executionOf<T>(answer: HttpAnswer): Execution<T> {
    const { facts, outcomeText } = recordOf(answer);
    const { status, ...rest } = facts;
    if (status !== 'succeeded' && status !== 'failed') {
      return { ...rest, status };
    }
    const context = { status: facts.httpStatus ?? 0 };
    const end = outcomeText === null ? null : endOfBody<T>(outcomeText, context, this.integers);
    if (end?.status !== status) {
      throw unexpectedAnswer(answer);
    }
    return { ...rest, ...end };
  }
}

function isEnded<T>(execution: Execution<T>): execution is EndedExecution<T> {
  return hasEnded(execution);
}

/** @throws TypeError for what is no id, whatever its type in JavaScript: it would be part of the address */
function pathOf(id: unknown): string {
  if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id)) {
    throw new TypeError(
      `"${String(id).slice(0, 80)}" is no id of an execution: those are 32 hexadecimal digits`,
    );
  }
  return executionPath(id);
}

/** @throws ServiceError where the answer is none of pycell's */
function recordOf(answer: HttpAnswer): ExecutionRecord {
  const record = readExecutionRecord(answer.body);
  if (!record) {
    throw unexpectedAnswer(answer);
  }
  return record;
}
