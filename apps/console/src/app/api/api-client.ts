import { inject, Injectable } from '@angular/core';
import { isStreamOf, MEDIA_TYPES, PATHS } from '@pycell/api-client';
import type { ValidateRequest } from '@pycell/contracts';
import { ApiAddress } from '../address/api-address';
import { ApiRequests, CANCELLED, posted, type Question } from './api-requests';
import {
  readExecuteAnswer,
  readMetadataAnswer,
  readModulesAnswer,
  readValidateAnswer,
} from './answer-reader';
import { bodyOf, type RunRequest } from './run-request';
import { KeyPrompt } from '../keys/key-prompt';
import type { RunOutput } from './run-output';
import { readRunStream } from './stream-reader';
import type { ValidateOutcome } from './validate-outcome';
import type { Cancelled, MetadataOutcome, RunOutcome, Unreachable } from './run-outcome';

/** The API describes itself quickly; later answers are ignored. Runs have no such limit: the user can cancel them. */
const METADATA_TIMEOUT_MS = 8_000;

/** Output as it comes, or else all in the end. */
const EXECUTE_ACCEPTS = `${MEDIA_TYPES.ndjson}, ${MEDIA_TYPES.json};q=0.9`;

const UNANSWERED: ValidateOutcome = { kind: 'unanswered', retryAfterSeconds: null };

/** Talks to the API. Nothing is thrown for what a network or a service can do: each failure is an outcome. */
@Injectable({ providedIn: 'root' })
export class ApiClient {
  private readonly address = inject(ApiAddress);
  private readonly requests = inject(ApiRequests);
  private readonly prompt = inject(KeyPrompt);

  /**
   * Runs a script.
   * @param signal cancels the run: the service kills it when the connection goes
   * @param output takes what the script prints as it comes, where the API answers so; an older one answers in the end
   */
  async execute(request: RunRequest, signal: AbortSignal, output: RunOutput): Promise<RunOutcome> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return CANCELLED;
    const question = this.requests.question(apiUrl, PATHS.execute);
    const response = await this.requests.ask(question, {
      ...posted(bodyOf(request), signal),
      headers: { Accept: EXECUTE_ACCEPTS },
    });
    if ('kind' in response) {
      return response.kind === 'unreachable' && response.reason === 'cross-origin'
        ? this.explain(response, signal)
        : response;
    }
    // An API that cannot answer so, or somebody on the way who does not let it, answers as a whole.
    if (isStreamOf(response, MEDIA_TYPES.ndjson)) {
      this.prompt.noteAcceptance(apiUrl);
      return readRunStream({ apiUrl, body: response.body, output, signal });
    }
    const answer = await this.requests.read(response, question, signal);
    if ('kind' in answer) return answer;
    this.requests.noteKey(answer, question);
    return readExecuteAnswer(answer);
  }

  /**
   * Asks what the service is.
   * @param candidateUrl another address than the one in force, to try it before it is taken. Then redirects are
   * followed, so that the address they lead to can be taken instead; a run is never sent on, and neither is a key
   */
  async metadata(signal: AbortSignal, candidateUrl?: string): Promise<MetadataOutcome> {
    if (candidateUrl !== undefined) {
      const question = { apiUrl: candidateUrl, path: PATHS.metadata, key: null };
      return this.describe(question, 'follow', signal);
    }
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return CANCELLED;
    const question = this.requests.question(apiUrl, PATHS.metadata);
    const outcome = await this.describe(question, 'manual', signal);
    if (outcome.kind === 'locked') this.prompt.noteRefusal(outcome.refusal, question.key);
    return outcome;
  }

  /** Asks what the service is with a key that is not kept yet: it judges one, even where it would tell without. */
  tryKey(apiUrl: string, key: string, signal: AbortSignal): Promise<MetadataOutcome> {
    return this.describe({ apiUrl, path: PATHS.metadata, key }, 'manual', signal);
  }

  /** Asks what a script's `main` takes; nothing of the script is run. */
  async validate(request: ValidateRequest, signal: AbortSignal): Promise<ValidateOutcome> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return UNANSWERED;
    const question = this.requests.question(apiUrl, PATHS.validate);
    const answer = await this.requests.send(question, posted(JSON.stringify(request), signal));
    if ('kind' in answer) return UNANSWERED;
    this.requests.noteKey(answer, question);
    return readValidateAnswer(answer);
  }

  /** @returns the modules that scripts can import; null where the service does not say */
  async modules(signal: AbortSignal): Promise<readonly string[] | null> {
    const apiUrl = await unlessAborted(this.address.settled(), signal);
    if (apiUrl === null) return null;
    const answer = await this.requests.send(this.requests.question(apiUrl, PATHS.modules), { signal });
    return 'kind' in answer ? null : readModulesAnswer(answer);
  }

  /** Browsers do not say why a script was not sent to another origin. A GET shows whether that origin redirects. */
  private async explain(failure: Unreachable, signal: AbortSignal): Promise<Unreachable | Cancelled> {
    const outcome = await this.metadata(signal);
    if (signal.aborted) return CANCELLED;
    return outcome.kind === 'unreachable' && outcome.reason === 'redirected' ? outcome : failure;
  }

  private async describe(
    question: Question,
    redirect: RequestRedirect,
    signal: AbortSignal,
  ): Promise<MetadataOutcome> {
    const timeout = AbortSignal.timeout(METADATA_TIMEOUT_MS);
    const answer = await this.requests.send(question, {
      redirect,
      signal: AbortSignal.any([signal, timeout]),
    });
    if (!('kind' in answer)) return readMetadataAnswer(answer);
    return answer.kind === 'cancelled' && !signal.aborted
      ? { kind: 'unreachable', apiUrl: question.apiUrl, reason: 'timeout', detail: '' }
      : answer;
  }
}

/** @returns null as soon as the signal is aborted */
function unlessAborted<T>(awaited: Promise<T>, signal: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener('abort', () => resolve(null), { once: true });
    awaited.then(resolve, reject);
  });
}
