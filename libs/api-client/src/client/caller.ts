import {
  answerCut,
  connectionFailed,
  errorOfAnswer,
  redirectedAnswer,
  unexpectedAnswer,
} from '../errors/error-of';
import { isPycellError, type PycellError } from '../errors/pycell-error';
import { headersOf, type HttpAnswer, isRedirect, readAnswer } from '../http/http-answer';
import { type ApiRequest, requestInit } from '../http/request-init';
import { errorTextOf } from './error-text';
import { pause } from './pause';
import type { RetryPolicy } from './retry-policy';

/** What of `fetch` is used. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What every call takes. */
export interface CallOptions {
  /**
   * Aborts the call, which then throws the signal's reason, and ends what the call runs, but for executions: those go on until
   * `cancel`. Nothing else bounds how long a call may take: `AbortSignal.timeout(ms)` does.
   */
  readonly signal?: AbortSignal | null | undefined;
}

/** One call of the API. */
export interface Call extends Omit<ApiRequest, 'apiKey' | 'redirect'> {
  readonly path: string;
  /** Whether it may be sent again whatever became of it. */
  readonly isRepeatable: boolean;
}

export interface CallerOptions {
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly fetch: Fetch;
  readonly retry: RetryPolicy;
}

/** Sends calls, and sends them again where that is safe and makes sense. All that goes wrong is a PycellError. */
export class Caller {
  private readonly options: Omit<CallerOptions, 'apiKey'>;
  /** Has the key, which so stands in no field: loggers and reports of errors write down whatever they find in a client. */
  private readonly initOf: (request: Omit<ApiRequest, 'apiKey'>) => RequestInit;

  constructor({ apiKey, ...options }: CallerOptions) {
    this.options = options;
    this.initOf = (request) => requestInit({ ...request, apiKey });
  }

  /** @returns an answer of success that has come whole */
  send(call: Call): Promise<HttpAnswer> {
    return this.attempt(call, async (response) => {
      try {
        return await readAnswer(response);
      } catch (error) {
        // AbortError where the caller has aborted; else a TypeError, which says little on purpose.
        call.signal?.throwIfAborted();
        throw answerCut('The answer broke off', error);
      }
    });
  }

  /** @returns an answer of success when its headers have come; from there on nothing is sent again */
  open(call: Call): Promise<Response> {
    return this.attempt(call, (response) => Promise.resolve(response));
  }

  private async attempt<T>(call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const { signal = null, isRepeatable } = call;
    const begunAt = performance.now();
    for (let number = 1; ; number += 1) {
      try {
        return await read(await this.ask(call));
      } catch (error) {
        // What the caller has aborted, or wrong arguments of fetch, are no errors of the service.
        if (signal?.aborted || !isPycellError(error)) {
          throw error;
        }
        const elapsedMs = performance.now() - begunAt;
        const waitMs = this.options.retry.waitMs(error, { number, elapsedMs, isRepeatable });
        if (waitMs === null) {
          throw error;
        }
        await pause(waitMs, signal);
      }
    }
  }

  /** @throws PycellError for every answer that is no success */
  private async ask({ path, signal = null, ...request }: Call): Promise<Response> {
    const { baseUrl, fetch } = this.options;
    signal?.throwIfAborted();
    let response: Response;
    try {
      response = await fetch(`${baseUrl}${path}`, this.initOf({ ...request, signal }));
    } catch (error) {
      // AbortError where the caller has aborted; else a TypeError, which says little on purpose.
      signal?.throwIfAborted();
      throw connectionFailed(error);
    }
    if (isRedirect(response)) {
      throw redirectedAnswer(response.status);
    }
    if (response.status >= 200 && response.status < 300) {
      return response;
    }
    throw await this.errorOf(response, signal);
  }

  private async errorOf(response: Response, signal: AbortSignal | null): Promise<PycellError> {
    try {
      return errorOfAnswer({ ...headersOf(response), body: await errorTextOf(response) });
    } catch {
      // The body of the error broke off, or has no end: its status is all that is known.
      signal?.throwIfAborted();
      return unexpectedAnswer(headersOf(response), 'did not come to its end');
    }
  }
}
