import { inject, Injectable } from '@angular/core';
import {
  EventStream,
  executionPath,
  isOfEnd,
  isStreamOf,
  MEDIA_TYPES,
  parseObject,
  PATHS,
  Silence,
  textOf,
} from '@pycell/api-client';
import { nextTask, SLICE_MS } from '../browser/slices';
import { KeyPrompt } from '../keys/key-prompt';
import { ApiRequests, type Init, posted, type Question } from './api-requests';
import { type ExecutionAnswer, readExecutionAnswer } from './asynchronous-execution';
import type { Cancelled } from './run-outcome';
import type { RunOutput } from './run-output';

/** A body that is sent under one key: however often it is, one execution comes of it. */
export interface Start {
  readonly body: string;
  readonly idempotencyKey: string;
}

/** What came of listening to an execution. */
export type ListenOutcome =
  /** It has ended: what became of it is to be asked. */
  | { readonly kind: 'ended' }
  /** The connection was lost, or nothing has come for too long. */
  | { readonly kind: 'lost' }
  /** The answer is no stream: something on the way does not let it through, or the service tells none. */
  | { readonly kind: 'no-stream' }
  | Exclude<ExecutionAnswer, { readonly kind: 'known' | 'unsupported' }>
  | Cancelled;

/** Whom events are told to. */
export interface EventListener {
  /** Where what it prints goes to. */
  readonly output: RunOutput;
  /** The script is running. */
  readonly onStart: () => void;
}

/** The service answers these quickly; nothing waits for a script. Milliseconds. */
const ANSWER_TIMEOUT_MS = 30_000;

/** Asks the API for executions that go on without a connection. Nothing is thrown for what a network or a service can do. */
@Injectable({ providedIn: 'root' })
export class ExecutionsClient {
  private readonly requests = inject(ApiRequests);
  private readonly prompt = inject(KeyPrompt);

  /** @param apiUrl where it is started; its address and key are those of this moment */
  async start(apiUrl: string, { body, idempotencyKey }: Start, signal: AbortSignal) {
    const headers = { 'Idempotency-Key': idempotencyKey };
    const init = { ...posted(body, signal), headers };
    return this.ask(this.requests.question(apiUrl, PATHS.executions), init, 'start');
  }

  /** What has become of it. */
  find(apiUrl: string, id: string, signal: AbortSignal): Promise<ExecutionAnswer | Cancelled> {
    return this.ask(this.about(apiUrl, id), { signal }, 'one');
  }

  /** Ends it, unless it has ended. Answers with what has become of it. */
  cancel(apiUrl: string, id: string, signal: AbortSignal): Promise<ExecutionAnswer | Cancelled> {
    return this.ask(this.about(apiUrl, id), { method: 'DELETE', signal }, 'one');
  }

  /**
   * Hears what it prints until it ends.
   * @param events remembers how far this execution was heard: the next call with it goes on from there
   */
  async listen(
    apiUrl: string,
    id: string,
    events: HeardEvents,
    listener: EventListener,
    signal: AbortSignal,
  ): Promise<ListenOutcome> {
    const question = this.about(apiUrl, id, '/events');
    const silence = new Silence(signal);
    silence.broken();
    try {
      const response = await this.requests.ask(question, {
        headers: {
          Accept: MEDIA_TYPES.sse,
          ...(events.lastId !== '' && { 'Last-Event-ID': events.lastId }),
        },
        signal: silence.signal,
      });
      if ('kind' in response) return this.failed(response, signal);
      // It has been heard to its end.
      if (response.status === 204) return { kind: 'ended' };
      if (isStreamOf(response, MEDIA_TYPES.sse)) {
        this.prompt.noteAcceptance(apiUrl);
        return await hear(response.body, { events, listener, silence });
      }
      const answer = await this.requests.read(response, question, silence.signal);
      if ('kind' in answer) return this.failed(answer, signal);
      this.requests.noteKey(answer, question);
      const read = readExecutionAnswer(answer, 'one');
      return read.kind === 'forgotten' || (read.kind === 'refused' && answer.status !== 200)
        ? read
        : { kind: 'no-stream' };
    } catch {
      // AbortError where the listener left, or nothing came; else a TypeError: the connection was lost.
      return signal.aborted ? { kind: 'cancelled' } : { kind: 'lost' };
    } finally {
      silence.end();
    }
  }

  private failed(outcome: { readonly kind: string }, signal: AbortSignal): ListenOutcome {
    return outcome.kind === 'cancelled' && signal.aborted ? { kind: 'cancelled' } : { kind: 'lost' };
  }

  private about(apiUrl: string, id: string, more: '' | '/events' = ''): Question {
    return this.requests.question(apiUrl, executionPath(id, more));
  }

  private async ask(
    question: Question,
    init: Init,
    asked: 'start' | 'one',
  ): Promise<ExecutionAnswer | Cancelled> {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const answer = await this.requests.send(question, {
      ...init,
      signal: AbortSignal.any([init.signal, timeout]),
    });
    if (!('kind' in answer)) {
      this.requests.noteKey(answer, question);
      return readExecutionAnswer(answer, asked);
    }
    if (answer.kind === 'unreachable') return { kind: 'refused', outcome: answer };
    if (init.signal.aborted) return answer;
    const { apiUrl } = question;
    return { kind: 'refused', outcome: { kind: 'unreachable', apiUrl, reason: 'timeout', detail: '' } };
  }
}

/** How far an execution was heard. */
export class HeardEvents {
  /** As the service has numbered it; empty before the first. */
  lastId = '';
}

interface Hearing {
  readonly events: HeardEvents;
  readonly listener: EventListener;
  readonly silence: Silence;
}

/** What follows the output is left: the whole outcome is asked for, and need not come twice. */
async function hear(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { events, listener, silence }: Hearing,
): Promise<ListenOutcome> {
  const stream = new EventStream();
  const { output } = listener;
  let sliceEnd = performance.now() + SLICE_MS;
  for await (const piece of textOf(body)) {
    silence.broken();
    for (const { type, data } of stream.push(piece)) {
      if (type === 'start') {
        listener.onStart();
      } else if (type === 'stdout' || type === 'stderr') {
        const text = parseObject(data)?.['text'];
        if (typeof text === 'string') output.write(type, text);
      } else if (isOfEnd(type)) {
        output.tell();
        return { kind: 'ended' };
      }
      if (stream.lastEventId !== '') events.lastId = stream.lastEventId;
      // A fast script must not keep the page from drawing what it prints.
      if (performance.now() > sliceEnd) {
        output.tell();
        await nextTask();
        silence.signal.throwIfAborted();
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
    output.tell();
    // A result may be long, and is not read here.
    if (isOfEnd(stream.begunType)) return { kind: 'ended' };
  }
  return { kind: 'lost' };
}
