import { inject, Injectable } from '@angular/core';
import { API_PATHS, STREAM_MEDIA_TYPES, type ValidateRequest } from '@pycell/contracts';
import { ApiAddress } from '../address/api-address';
import {
  type RawAnswer,
  readExecuteAnswer,
  readMetadataAnswer,
  readModulesAnswer,
  readValidateAnswer,
} from './answer-reader';
import { FETCH } from '../browser/fetch';
import { bodyOf, type RunRequest } from './run-request';
import type { RunOutput } from './run-output';
import { readRunStream } from './stream-reader';
import type { ValidateOutcome } from './validate-outcome';
import type { Cancelled, MetadataOutcome, RunOutcome, Unreachable, UnreachableReason } from './run-outcome';

/** The API describes itself quickly; later answers are ignored. Runs have no such limit: the user can cancel them. */
const METADATA_TIMEOUT_MS = 8_000;

/** Output as it comes, or else all in the end. */
const EXECUTE_ACCEPTS = `${STREAM_MEDIA_TYPES.ndjson}, application/json;q=0.9`;

const CANCELLED: Cancelled = { kind: 'cancelled' };

/** Talks to the API. Nothing is thrown for what a network or a service can do: each failure is an outcome. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  private readonly address = inject(ApiAddress);
  private readonly fetch = inject(FETCH);

  /**
   * Runs a script.
   * @param signal cancels the run: the service kills it when the connection goes
   * @param output takes what the script prints as it comes, where the API answers so; an older one answers in the end
   */
  async execute(request: RunRequest, signal: AbortSignal, output: RunOutput): Promise<RunOutcome> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return CANCELLED;
    const response = await this.ask(apiUrl, API_PATHS.execute, {
      ...posted(bodyOf(request), signal),
      headers: { 'Content-Type': 'application/json', Accept: EXECUTE_ACCEPTS },
    });
    if ('kind' in response) {
      return response.kind === 'unreachable' && response.reason === 'cross-origin'
        ? this.explain(response, signal)
        : response;
    }
    if (isStream(response)) return readRunStream({ apiUrl, body: response.body, output, signal });
    const answer = await this.read(response, { apiUrl, path: API_PATHS.execute, signal });
    return 'kind' in answer ? answer : readExecuteAnswer(answer);
  }

  /**
   * Asks what the service is.
   * @param candidateUrl another address than the one in force, to try it before it is taken. Then redirects are
   * followed, so that the address they lead to can be taken instead; a run is never sent on
   */
  async metadata(signal: AbortSignal, candidateUrl?: string): Promise<MetadataOutcome> {
    const apiUrl = candidateUrl ?? (await unlessAborted(this.address.settled(), signal));
    if (apiUrl === null) return CANCELLED;
    const timeout = AbortSignal.timeout(METADATA_TIMEOUT_MS);
    const answer = await this.send(apiUrl, API_PATHS.metadata, {
      redirect: candidateUrl === undefined ? 'manual' : 'follow',
      signal: AbortSignal.any([signal, timeout]),
    });
    if (!('kind' in answer)) return readMetadataAnswer(answer);
    return answer.kind === 'cancelled' && !signal.aborted
      ? { kind: 'unreachable', apiUrl, reason: 'timeout', detail: '' }
      : answer;
  }

  /** Asks what a script's `main` takes; nothing of the script is run. */
  async validate(request: ValidateRequest, signal: AbortSignal): Promise<ValidateOutcome> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return { kind: 'unanswered' };
    const answer = await this.send(apiUrl, API_PATHS.validate, posted(JSON.stringify(request), signal));
    return 'kind' in answer ? { kind: 'unanswered' } : readValidateAnswer(answer);
  }

  /** @returns the modules that scripts can import; null where the service does not say */
  async modules(signal: AbortSignal): Promise<readonly string[] | null> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return null;
    const answer = await this.send(apiUrl, API_PATHS.modules, { redirect: 'manual', signal });
    return 'kind' in answer ? null : readModulesAnswer(answer);
  }

  /** Browsers do not say why a script was not sent to another origin. A GET shows whether that origin redirects. */
  private async explain(failure: Unreachable, signal: AbortSignal): Promise<Unreachable | Cancelled> {
    const outcome = await this.metadata(signal);
    if (signal.aborted) return CANCELLED;
    return outcome.kind === 'unreachable' && outcome.reason === 'redirected' ? outcome : failure;
  }

  private async send(apiUrl: string, path: string, init: Init): Promise<RawAnswer | Unreachable | Cancelled> {
    const response = await this.ask(apiUrl, path, init);
    return 'kind' in response ? response : this.read(response, { apiUrl, path, signal: init.signal });
  }

  /** @returns the answer when its headers have come */
  private async ask(apiUrl: string, path: string, init: Init): Promise<Response | Unreachable | Cancelled> {
    const target = resolveTarget(apiUrl, path);
    if (!target) return { kind: 'unreachable', apiUrl, reason: 'bad-address', detail: '' };
    try {
      const response = await this.fetch(target, {
        ...init,
        cache: 'no-store',
        // The API knows no cookies, and an address that a user typed should get none.
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      });
      return response.type === 'opaqueredirect'
        ? { kind: 'unreachable', apiUrl, reason: 'redirected', detail: '' }
        : response;
    } catch (error) {
      return failureOf(error, { apiUrl, reason: unreachableReason(target), signal: init.signal });
    }
  }

  private async read(
    response: Response,
    {
      apiUrl,
      path,
      signal,
    }: { readonly apiUrl: string; readonly path: string; readonly signal: AbortSignal },
  ): Promise<RawAnswer | Unreachable | Cancelled> {
    try {
      return {
        apiUrl: response.redirected ? apiUrlOf(response.url, path) : apiUrl,
        status: response.status,
        contentType: response.headers.get('Content-Type') ?? '',
        retryAfter: response.headers.get('Retry-After'),
        body: await response.text(),
      };
    } catch (error) {
      return failureOf(error, { apiUrl, reason: 'interrupted', signal });
    }
  }
}

type Init = RequestInit & { readonly signal: AbortSignal };

function posted(body: string, signal: AbortSignal): Init {
  const headers = { 'Content-Type': 'application/json' };
  return { method: 'POST', headers, body, redirect: 'manual', signal };
}

/** An API that cannot answer so, or somebody on the way who does not let it, answers as a whole: then it is read so. */
function isStream(response: Response): response is Response & { readonly body: ReadableStream<Uint8Array> } {
  const [mediaType = ''] = (response.headers.get('Content-Type') ?? '').split(';', 1);
  const isNdjson = mediaType.trim().toLowerCase() === STREAM_MEDIA_TYPES.ndjson;
  return response.status === 200 && isNdjson && Boolean(response.body);
}

/** AbortError where the user cancelled; else a TypeError, which says little on purpose. */
function failureOf(
  error: unknown,
  {
    signal,
    ...how
  }: { readonly apiUrl: string; readonly reason: UnreachableReason; readonly signal: AbortSignal },
): Unreachable | Cancelled {
  if (signal.aborted) return CANCELLED;
  return { kind: 'unreachable', ...how, detail: error instanceof Error ? error.message : '' };
}

/** @returns the absolute address of a path below `apiUrl`, which may be relative to the page; null where it is none */
export function resolveTarget(apiUrl: string, path: string): URL | null {
  if (!URL.canParse(apiUrl, document.baseURI)) return null;
  const base = new URL(apiUrl, document.baseURI);
  if (!/^https?:$/.test(base.protocol)) return null;
  base.hash = '';
  base.search = '';
  base.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`;
  return base;
}

/** The address of the API, of which `url` is that of a path below. */
function apiUrlOf(url: string, path: string): string {
  const { origin, pathname } = new URL(url);
  const base = pathname.endsWith(path) ? pathname.slice(0, -path.length) : pathname;
  return `${origin}${base.replace(/\/+$/, '')}`;
}

/** @returns null as soon as the signal is aborted */
function unlessAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
    awaited.then(resolve, reject);
  });
}

function unreachableReason(target: URL): UnreachableReason {
  if (target.origin === location.origin) return 'network';
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname);
  // Browsers let an https page call loopback addresses.
  return location.protocol === 'https:' && target.protocol === 'http:' && !isLoopback
    ? 'mixed-content'
    : 'cross-origin';
}
