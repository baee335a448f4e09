import { parseObject } from '../answers/fields';
import { answerCut, faultyAnswer, unexpectedAnswer } from '../errors/error-of';
import { isStreamOf, type StreamedResponse } from '../http/http-answer';
import { MEDIA_TYPES, PATHS } from '../http/paths';
import { type IntegerReading, parseJson } from '../json/read-json';
import { readRunEvent, type RunEvent } from '../results/run-event';
import { resultOfBody, type RunResult } from '../results/run-result';
import type { ExecutionMode, Metadata, Validation } from '../schema/schema';
import { LineSplitter } from '../streams/line-splitter';
import { Silence } from '../streams/silence';
import { type BatchItem, readBatchLine } from './batch-lines';
import { Caller, type CallOptions, type Fetch } from './caller';
import { ACCEPTED, parserOf, type StreamFormat } from './event-parser';
import { Executions } from './executions';
import { guardedText, notStreamed } from './guarded-text';
import { type BatchRequest, bodyOfBatch, bodyOfExecution, type ExecutionRequest } from './requests';
import { type RetryOptions, RetryPolicy } from './retry-policy';

export interface PycellClientOptions {
  /** Where the service is, with the path below which it lies: `https://run.example.org/pycell`. */
  readonly baseUrl: string;
  /** The key, where the service has keys. It goes to `baseUrl` only: redirects are not followed. */
  readonly apiKey?: string;
  /** By default the one of the platform, which gives up in Node after 300 seconds without the head of an answer. */
  readonly fetch?: Fetch;
  /** false: nothing is sent twice. */
  readonly retry?: RetryOptions | false;
  /** What becomes of integers beyond ±(2^53 - 1): `number` rounds them, `bigint` keeps them. `resultText` has all digits in both. */
  readonly integers?: IntegerReading;
}

export interface StreamOptions extends CallOptions {
  /** By which the service writes the events; what is told is the same. `ndjson`. */
  readonly format?: StreamFormat;
}

/**
 * A pycell service. Every method throws a `PycellError` for what the network, the service or the script did wrong, the reason of
 * `signal` once that is aborted, and a TypeError for arguments that cannot be sent. Calls are sent again as `RetryOptions` say.
 */
export class PycellClient {
  /** Executions that go on without a connection. */
  readonly executions: Executions;
  private readonly caller: Caller;
  private readonly integers: IntegerReading;

  /** @throws TypeError or RangeError that names the option that is wrong */
  constructor({ baseUrl, apiKey, fetch: ownFetch, retry = {}, integers = 'number' }: PycellClientOptions) {
    this.integers = integers;
    this.caller = new Caller({
      baseUrl: checkedUrl(baseUrl),
      apiKey: apiKey === undefined ? null : checkedKey(apiKey),
      // Not the function itself: browsers want to see it called on their window.
      fetch: ownFetch ?? ((url, init) => fetch(url, init)),
      retry: new RetryPolicy(retry),
    });
    this.executions = new Executions(this.caller, integers);
  }

  /**
   * Runs a script to its end. An abort ends the run as well.
   *
   * @throws ScriptError where the script failed; RefusedError, ServiceError, NetworkError
   */
  async execute<T = unknown>(
    request: ExecutionRequest,
    { signal = null }: CallOptions = {},
  ): Promise<RunResult<T>> {
    const body = await bodyOfExecution(request);
    const answer = await this.caller.send({
      method: 'POST',
      path: PATHS.execute,
      body,
      headers: { Accept: MEDIA_TYPES.json },
      isRepeatable: false,
      signal,
    });
    const result = resultOfBody<T>(answer.body, this.integers);
    if (!result) {
      throw unexpectedAnswer(answer);
    }
    return result;
  }

  /**
   * Runs a script and tells what happens as it happens. Leaving the loop, or an abort, ends the run. What fails before the script
   * is handed over is thrown; how the script ends is an event.
   *
   * @throws NetworkError `ANSWER_CUT` where the stream ends without its event `end`; and what `execute` throws
   */
  async *stream<T = unknown>(
    request: ExecutionRequest,
    options: StreamOptions = {},
  ): AsyncGenerator<RunEvent<T>, void, undefined> {
    const { signal = null, format = 'ndjson' } = options;
    const silence = new Silence(signal);
    try {
      const body = await bodyOfExecution(request);
      const response = await this.open(PATHS.execute, body, ACCEPTED[format], silence);
      const parser = parserOf(format);
      let hasStarted = false;
      for await (const piece of guardedText(response, silence, signal)) {
        for (const event of parser.push(piece)) {
          const read = readRunEvent<T>(event, this.integers, hasStarted);
          hasStarted ||= event.type === 'start';
          if (read?.type === 'end') {
            silence.release();
            yield read;
            return;
          }
          if (read) {
            yield read;
            // Much may have come at once.
            signal?.throwIfAborted();
          }
        }
      }
      throw answerCut('The stream ended before its last event');
    } finally {
      silence.end();
    }
  }

  /**
   * Runs one script for many inputs.
   *
   * @returns what became of each, in the order of the inputs; a script that failed is a value here, and not thrown
   * @throws what `execute` throws, where it concerns the batch itself
   */
  async batch<T = unknown>(request: BatchRequest, options: CallOptions = {}): Promise<BatchItem<T>[]> {
    const items: BatchItem<T>[] = [];
    for await (const item of this.batchItems<T>(request, options)) {
      items[item.index] = item;
    }
    return items;
  }

  /**
   * The same, item by item as the runs end, in whatever order that is. Leaving the loop, or an abort, ends all of it.
   *
   * @throws NetworkError `ANSWER_CUT` where the answer ends before each input has its item; and what `batch` throws
   */
  async *batchItems<T = unknown>(
    request: BatchRequest,
    { signal = null }: CallOptions = {},
  ): AsyncGenerator<BatchItem<T>, void, undefined> {
    const count = request.inputs.length;
    const seen = new Set<number>();
    const silence = new Silence(signal);
    try {
      const response = await this.open(PATHS.batch, bodyOfBatch(request), MEDIA_TYPES.ndjson, silence);
      const lines = new LineSplitter();
      for await (const piece of guardedText(response, silence, signal)) {
        for (const line of lines.push(piece)) {
          const item = line === '' ? null : readBatchLine<T>(line, count, this.integers);
          if (!item) {
            continue;
          }
          if (seen.has(item.index)) {
            throw faultyAnswer('A batch that tells of one input twice');
          }
          seen.add(item.index);
          yield item;
        }
      }
      if (seen.size < count) {
        throw answerCut(`The batch ended with ${seen.size} of ${count} items`);
      }
      silence.release();
    } finally {
      silence.end();
    }
  }

  /** Says what a script imports and what its `main` takes, and what is wrong with it. Nothing of it is executed. */
  async validate(
    { script, mode }: { readonly script: string; readonly mode?: ExecutionMode },
    { signal = null }: CallOptions = {},
  ): Promise<Validation> {
    const answer = await this.caller.send({
      method: 'POST',
      path: PATHS.validate,
      body: JSON.stringify({ script, mode }),
      isRepeatable: true,
      signal,
    });
    const fields = parseObject(answer.body);
    if (typeof fields?.['valid'] !== 'boolean' || !Array.isArray(fields['violations'])) {
      throw unexpectedAnswer(answer);
    }
    return parseJson(answer.body, this.integers) as Validation;
  }

  /** What the service says of itself: versions, limits, isolation, what holds for the key. */
  async metadata({ signal = null }: CallOptions = {}): Promise<Metadata> {
    const answer = await this.caller.send({ path: PATHS.metadata, isRepeatable: true, signal });
    const fields = parseObject(answer.body);
    if (fields?.['name'] !== 'pycell' || typeof fields['limits'] !== 'object') {
      throw unexpectedAnswer(answer);
    }
    return fields as unknown as Metadata;
  }

  /** The modules that scripts can import, sorted. */
  async modules({ signal = null }: CallOptions = {}): Promise<string[]> {
    const answer = await this.caller.send({ path: PATHS.modules, isRepeatable: true, signal });
    const modules = parseObject(answer.body)?.['modules'];
    if (!Array.isArray(modules)) {
      throw unexpectedAnswer(answer);
    }
    return modules as string[];
  }

  private async open(
    path: string,
    body: string,
    accept: string,
    silence: Silence,
  ): Promise<StreamedResponse> {
    const { signal } = silence;
    const headers = { Accept: accept };
    const response = await this.caller.open({
      method: 'POST',
      path,
      body,
      headers,
      isRepeatable: false,
      signal,
    });
    if (!isStreamOf(response, accept)) {
      throw notStreamed(response);
    }
    return response;
  }
}

function checkedUrl(baseUrl: string): string {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol)) {
    // What may have a password or a key in it is not repeated.
    const shown = /[@?#]/.test(baseUrl) ? 'baseUrl' : `baseUrl is "${baseUrl}": it`;
    throw new TypeError(`${shown} must be an address such as http://127.0.0.1:8080`);
  }
  const { origin, pathname, username, password, search, hash } = new URL(baseUrl);
  if (username || password || search || hash) {
    throw new TypeError('baseUrl must have no user, password, query or fragment: a key goes into apiKey');
  }
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

/** The key itself stands in no message. */
function checkedKey(apiKey: string): string {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new TypeError('apiKey must consist of visible ASCII characters, without spaces and line ends');
  }
  return apiKey;
}
