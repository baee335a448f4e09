import { inject, Injectable } from '@angular/core';
import { API_PATHS, type ValidateRequest } from '@pycell/contracts';
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
import type { ValidateOutcome } from './validate-outcome';
import type { Cancelled, MetadataOutcome, RunOutcome, Unreachable, UnreachableReason } from './run-outcome';

/** The API describes itself quickly; later answers are ignored. Runs have no such limit: the user can cancel them. */
const METADATA_TIMEOUT_MS = 8_000;

const CANCELLED: Cancelled = { kind: 'cancelled' };

/** Talks to the API. Nothing is thrown for what a network or a service can do: each failure is an outcome. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  private readonly address = inject(ApiAddress);
  private readonly fetch = inject(FETCH);

  /** @param signal cancels the run: the service kills it when the connection goes */
  async execute(request: RunRequest, signal: AbortSignal): Promise<RunOutcome> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return CANCELLED;
    const answer = await this.post(apiUrl, API_PATHS.execute, { body: bodyOf(request), signal });
    if (!('kind' in answer)) return readExecuteAnswer(answer);
    return answer.kind === 'unreachable' && answer.reason === 'cross-origin'
      ? this.explain(answer, signal)
      : answer;
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
    const answer = await this.post(apiUrl, API_PATHS.validate, { body: JSON.stringify(request), signal });
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

  private post(
    apiUrl: string,
    path: string,
    { body, signal }: { readonly body: string; readonly signal: AbortSignal },
  ): Promise<RawAnswer | Unreachable | Cancelled> {
    const headers = { 'Content-Type': 'application/json' };
    return this.send(apiUrl, path, { method: 'POST', headers, body, redirect: 'manual', signal });
  }

  private async send(
    apiUrl: string,
    path: string,
    init: RequestInit,
  ): Promise<RawAnswer | Unreachable | Cancelled> {
    const target = resolveTarget(apiUrl, path);
    if (!target) return { kind: 'unreachable', apiUrl, reason: 'bad-address', detail: '' };
    let answered = false;
    try {
      const response = await this.fetch(target, {
        ...init,
        cache: 'no-store',
        // The API knows no cookies, and an address that a user typed should get none.
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      });
      if (response.type === 'opaqueredirect') {
        return { kind: 'unreachable', apiUrl, reason: 'redirected', detail: '' };
      }
      answered = true;
      return {
        apiUrl: response.redirected ? apiUrlOf(response.url, path) : apiUrl,
        status: response.status,
        contentType: response.headers.get('Content-Type') ?? '',
        retryAfter: response.headers.get('Retry-After'),
        body: await response.text(),
      };
    } catch (error) {
      // AbortError where the user cancelled; else a TypeError, which says little on purpose.
      if (init.signal?.aborted) return CANCELLED;
      const reason = answered ? 'interrupted' : unreachableReason(target);
      return { kind: 'unreachable', apiUrl, reason, detail: error instanceof Error ? error.message : '' };
    }
  }
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
