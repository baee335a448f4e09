import { inject, Injectable } from '@angular/core';
import { API_PATHS, STREAM_MEDIA_TYPES, type ValidateRequest } from '@pycell/contracts';
import { ApiAddress } from '../address/api-address';
import { resolveTarget } from '../address/resolve-target';
import {
  type RawAnswer,
  readExecuteAnswer,
  readKeyRefusal,
  readMetadataAnswer,
  readModulesAnswer,
  readValidateAnswer,
} from './answer-reader';
import { FETCH } from '../browser/fetch';
import { bodyOf, type RunRequest } from './run-request';
import { KeyPrompt } from '../keys/key-prompt';
import { KeyStore } from '../keys/key-store';
import type { RunOutput } from './run-output';
import { readRunStream } from './stream-reader';
import type { ValidateOutcome } from './validate-outcome';
import type { Cancelled, MetadataOutcome, RunOutcome, Unreachable, UnreachableReason } from './run-outcome';

/** The API describes itself quickly; later answers are ignored. Runs have no such limit: the user can cancel them. */
const METADATA_TIMEOUT_MS = 8_000;

/** Output as it comes, or else all in the end. */
const EXECUTE_ACCEPTS = `${STREAM_MEDIA_TYPES.ndjson}, application/json;q=0.9`;

/**
 * Not `Authorization`: a proxy with a password of its own would take the key in it for a wrong one. With both headers a
 * request does not get through either: nginx hands the password on, and the API refuses it as a second key.
 */
const KEY_HEADER = 'X-API-Key';

const CANCELLED: Cancelled = { kind: 'cancelled' };
const UNANSWERED: ValidateOutcome = { kind: 'unanswered', retryAfterSeconds: null };

/** Talks to the API. Nothing is thrown for what a network or a service can do: each failure is an outcome. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  private readonly address = inject(ApiAddress);
  private readonly fetch = inject(FETCH);
  private readonly keys = inject(KeyStore);
  private readonly prompt = inject(KeyPrompt);

  /**
   * Runs a script.
   * @param signal cancels the run: the service kills it when the connection goes
   * @param output takes what the script prints as it comes, where the API answers so; an older one answers in the end
   */
  async execute(request: RunRequest, signal: AbortSignal, output: RunOutput): Promise<RunOutcome> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return CANCELLED;
    const question = this.question(apiUrl, API_PATHS.execute);
    const response = await this.ask(question, {
      ...posted(bodyOf(request), signal),
      headers: { 'Content-Type': 'application/json', Accept: EXECUTE_ACCEPTS },
    });
    if ('kind' in response) {
      return response.kind === 'unreachable' && response.reason === 'cross-origin'
        ? this.explain(response, signal)
        : response;
    }
    if (isStream(response)) {
      this.prompt.noteAcceptance(apiUrl);
      return readRunStream({ apiUrl, body: response.body, output, signal });
    }
    const answer = await this.read(response, question, signal);
    if ('kind' in answer) return answer;
    this.noteKey(answer, question);
    return readExecuteAnswer(answer);
  }

  /**
   * Asks what the service is.
   * @param candidateUrl another address than the one in force, to try it before it is taken. Then redirects are
   * followed, so that the address they lead to can be taken instead; a run is never sent on, and neither is a key
   */
  async metadata(signal: AbortSignal, candidateUrl?: string): Promise<MetadataOutcome> {
    if (candidateUrl !== undefined) {
      const question = { apiUrl: candidateUrl, path: API_PATHS.metadata, key: null };
      return this.describe(question, 'follow', signal);
    }
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return CANCELLED;
    const question = this.question(apiUrl, API_PATHS.metadata);
    const outcome = await this.describe(question, 'manual', signal);
    if (outcome.kind === 'locked') this.prompt.noteRefusal(outcome.refusal, question.key);
    return outcome;
  }

  /** Asks what the service is with a key that is not kept yet: it judges one, even where it would tell without. */
  tryKey(apiUrl: string, key: string, signal: AbortSignal): Promise<MetadataOutcome> {
    return this.describe({ apiUrl, path: API_PATHS.metadata, key }, 'manual', signal);
  }

  /** Asks what a script's `main` takes; nothing of the script is run. */
  async validate(request: ValidateRequest, signal: AbortSignal): Promise<ValidateOutcome> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return UNANSWERED;
    const question = this.question(apiUrl, API_PATHS.validate);
    const answer = await this.send(question, posted(JSON.stringify(request), signal));
    if ('kind' in answer) return UNANSWERED;
    this.noteKey(answer, question);
    return readValidateAnswer(answer);
  }

  /** @returns the modules that scripts can import; null where the service does not say */
  async modules(signal: AbortSignal): Promise<readonly string[] | null> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return null;
    const answer = await this.send(this.question(apiUrl, API_PATHS.modules), { redirect: 'manual', signal });
    return 'kind' in answer ? null : readModulesAnswer(answer);
  }

  /** Browsers do not say why a script was not sent to another origin. A GET shows whether that origin redirects. */
  private async explain(failure: Unreachable, signal: AbortSignal): Promise<Unreachable | Cancelled> {
    const outcome = await this.metadata(signal);
    if (signal.aborted) return CANCELLED;
    return outcome.kind === 'unreachable' && outcome.reason === 'redirected' ? outcome : failure;
  }

  /** Address and key are read together: a key never goes to another address than it was entered for. */
  private question(apiUrl: string, path: string): Question {
    return { apiUrl, path, key: this.keys.keyFor(apiUrl) };
  }

  private async describe(
    question: Question,
    redirect: RequestRedirect,
    signal: AbortSignal,
  ): Promise<MetadataOutcome> {
    const timeout = AbortSignal.timeout(METADATA_TIMEOUT_MS);
    const answer = await this.send(question, { redirect, signal: AbortSignal.any([signal, timeout]) });
    if (!('kind' in answer)) return readMetadataAnswer(answer);
    return answer.kind === 'cancelled' && !signal.aborted
      ? { kind: 'unreachable', apiUrl: question.apiUrl, reason: 'timeout', detail: '' }
      : answer;
  }

  /** What the answer to a request that needs a key, where the service has keys, says about that. */
  private noteKey(answer: RawAnswer, { key }: Question): void {
    const refusal = readKeyRefusal(answer);
    if (refusal) this.prompt.noteRefusal(refusal, key);
    else if (answer.status < 500) this.prompt.noteAcceptance(answer.apiUrl);
  }

  private async send(question: Question, init: Init): Promise<RawAnswer | Unreachable | Cancelled> {
    const response = await this.ask(question, init);
    return 'kind' in response ? response : this.read(response, question, init.signal);
  }

  /** @returns the answer when its headers have come */
  private async ask(
    { apiUrl, path, key }: Question,
    init: Init,
  ): Promise<Response | Unreachable | Cancelled> {
    const target = resolveTarget(apiUrl, path);
    if (!target) return { kind: 'unreachable', apiUrl, reason: 'bad-address', detail: '' };
    try {
      const response = await this.fetch(target, {
        ...init,
        ...(key !== null && { headers: { ...init.headers, [KEY_HEADER]: key } }),
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
    { apiUrl, path, key }: Question,
    signal: AbortSignal,
  ): Promise<RawAnswer | Unreachable | Cancelled> {
    try {
      return {
        apiUrl: response.redirected ? apiUrlOf(response.url, path) : apiUrl,
        status: response.status,
        contentType: response.headers.get('Content-Type') ?? '',
        retryAfter: response.headers.get('Retry-After'),
        hadKey: key !== null,
        body: await response.text(),
      };
    } catch (error) {
      return failureOf(error, { apiUrl, reason: 'interrupted', signal });
    }
  }
}

/** What is asked, where, and by whose leave. */
interface Question {
  readonly apiUrl: string;
  readonly path: string;
  /** null: without a key. */
  readonly key: string | null;
}

type Init = Omit<RequestInit, 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};

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
