import { inject, Injectable } from '@angular/core';
import { type ApiRequest, isRedirect, readAnswer, requestInit } from '@pycell/api-client';
import { resolveTarget } from '../address/resolve-target';
import { FETCH } from '../browser/fetch';
import { KeyPrompt } from '../keys/key-prompt';
import { KeyStore } from '../keys/key-store';
import { type RawAnswer, readKeyRefusal } from './answer-reader';
import type { Cancelled, Unreachable, UnreachableReason } from './run-outcome';

export const CANCELLED: Cancelled = { kind: 'cancelled' };

/** Sends requests to an API, with the key that is for it. Nothing is thrown for what a network or a service can do. */
@Injectable({ providedIn: 'root' })
export class ApiRequests {
  private readonly fetch = inject(FETCH);
  private readonly keys = inject(KeyStore);
  private readonly prompt = inject(KeyPrompt);

  /** Address and key are read together: a key never goes to another address than it was entered for. */
  question(apiUrl: string, path: string): Question {
    return { apiUrl, path, key: this.keys.keyFor(apiUrl) };
  }

  /** What the answer to a request that needs a key, where the service has keys, says about that. */
  noteKey(answer: RawAnswer, { key }: Question): void {
    const refusal = readKeyRefusal(answer);
    if (refusal) this.prompt.noteRefusal(refusal, key);
    else if (answer.status < 500) this.prompt.noteAcceptance(answer.apiUrl);
  }

  async send(question: Question, init: Init): Promise<RawAnswer | Unreachable | Cancelled> {
    const response = await this.ask(question, init);
    return 'kind' in response ? response : this.read(response, question, init.signal);
  }

  /** @returns the answer when its headers have come */
  async ask({ apiUrl, path, key }: Question, init: Init): Promise<Response | Unreachable | Cancelled> {
    const target = resolveTarget(apiUrl, path);
    if (!target) return { kind: 'unreachable', apiUrl, reason: 'bad-address', detail: '' };
    try {
      const response = await this.fetch(target, requestInit({ ...init, apiKey: key }));
      return isRedirect(response)
        ? { kind: 'unreachable', apiUrl, reason: 'redirected', detail: '' }
        : response;
    } catch (error) {
      return failureOf(error, { apiUrl, reason: unreachableReason(target), signal: init.signal });
    }
  }

  async read(
    response: Response,
    { apiUrl, path, key }: Question,
    signal: AbortSignal,
  ): Promise<RawAnswer | Unreachable | Cancelled> {
    try {
      return {
        ...(await readAnswer(response)),
        apiUrl: response.redirected ? apiUrlOf(response.url, path) : apiUrl,
        hadKey: key !== null,
      };
    } catch (error) {
      return failureOf(error, { apiUrl, reason: 'interrupted', signal });
    }
  }
}

/** What is asked, where, and by whose leave. */
export interface Question {
  readonly apiUrl: string;
  readonly path: string;
  /** null: without a key. */
  readonly key: string | null;
}

/** What is sent. Redirects are not followed unless it says so. */
export type Init = Omit<ApiRequest, 'apiKey'> & { readonly signal: AbortSignal };

export function posted(body: string, signal: AbortSignal): Init {
  return { method: 'POST', body, signal };
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

function unreachableReason(target: URL): UnreachableReason {
  if (target.origin === location.origin) return 'network';
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname);
  // Browsers let an https page call loopback addresses.
  return location.protocol === 'https:' && target.protocol === 'http:' && !isLoopback
    ? 'mixed-content'
    : 'cross-origin';
}
