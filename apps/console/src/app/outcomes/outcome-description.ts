import type { ErrorCode } from '@pycell/contracts';
import { lookUp } from '../api/look-up';
import type { RunOutcome, Unreachable, WrongApi } from '../api/run-outcome';

/** An outcome in a person's words. */
export interface OutcomeDescription {
  readonly tone: 'success' | 'warning' | 'error' | 'neutral';
  /** What happened, in a few words. */
  readonly title: string;
  /** The particulars; may be empty. */
  readonly detail: string;
  /** What to do next; may be empty. */
  readonly advice: string;
}

/** What happened and what to do next. */
export function describeOutcome(outcome: RunOutcome): OutcomeDescription {
  switch (outcome.kind) {
    case 'succeeded':
      return { tone: 'success', title: 'Finished', detail: '', advice: '' };
    case 'failed':
      return {
        tone: 'error',
        title: titleOfCode(outcome.error.code),
        detail: outcome.error.error,
        advice: outcome.status >= 500 ? retryAdvice(outcome.retryAfterSeconds) : '',
      };
    case 'busy':
      return {
        tone: 'warning',
        title: TITLES.SANDBOX_BUSY,
        detail: outcome.error.error,
        advice: retryAdvice(outcome.retryAfterSeconds),
      };
    case 'unreachable':
      return {
        tone: outcome.reason === 'overloaded' ? 'warning' : 'error',
        title: outcome.reason === 'overloaded' ? 'The API is not ready' : 'No answer from the API',
        detail: outcome.detail,
        advice: unreachableAdvice(outcome),
      };
    case 'wrong-api':
      return {
        tone: 'error',
        title: 'This is not the pycell API',
        detail: wrongApiDetail(outcome),
        advice: 'Check the address of the API in the settings.',
      };
    case 'cancelled':
      return { tone: 'neutral', title: 'Cancelled', detail: 'The run was ended on request.', advice: '' };
    default:
      return outcome satisfies never;
  }
}

/** One sentence for those who hear the page. */
export function announcementOf(outcome: RunOutcome): string {
  if (outcome.kind === 'succeeded') {
    return `Finished in ${outcome.execution.durationMs} milliseconds. The result is ready.`;
  }
  const { title, detail } = describeOutcome(outcome);
  return detail === '' ? `${title}.` : `${title}: ${detail}`;
}

/** A code without a title would not compile. */
const TITLES: Readonly<Record<ErrorCode, string>> = {
  INVALID_REQUEST: 'The service did not understand the page',
  NOT_FOUND: 'The service knows no such address',
  METHOD_NOT_ALLOWED: 'The service runs no scripts at this address',
  PAYLOAD_TOO_LARGE: 'The script is too large to be sent',
  UNSUPPORTED_MEDIA_TYPE: 'The service did not understand the page',
  POLICY_VIOLATION: 'The script was refused',
  SYNTAX_ERROR: 'Syntax error',
  MAIN_MISSING: 'main() is missing',
  SCRIPT_TOO_LARGE: 'The script is too large',
  SCRIPT_ERROR: 'The script raised an exception',
  SCRIPT_EXITED: 'The script ended itself',
  SCRIPT_CRASHED: 'The script crashed',
  TIMEOUT: 'Time limit reached',
  MEMORY_LIMIT: 'Memory limit reached',
  OUTPUT_LIMIT: 'Output limit reached',
  RESULT_TOO_LARGE: 'The result is too large',
  RESULT_NOT_SERIALIZABLE: 'The result is no JSON value',
  SANDBOX_BUSY: 'The service is busy',
  SANDBOX_UNAVAILABLE: 'The sandbox is not available',
  INTERNAL: 'The service failed',
};

function titleOfCode(code: string): string {
  return lookUp(TITLES, code) ?? 'The service refused the request';
}

function retryAdvice(seconds: number | null): string {
  if (seconds === null) return 'Nothing was lost: run it again in a moment.';
  return `Nothing was lost: run it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
}

function unreachableAdvice({ reason, apiUrl, retryAfterSeconds }: Unreachable): string {
  switch (reason) {
    case 'network':
      return 'Check that the service that serves this page is running.';
    case 'cross-origin':
      return `Check that the API runs at ${apiUrl} and that its CORS_ORIGINS has ${location.origin}.`;
    case 'mixed-content':
      return `This page came by https, so the browser does not call ${apiUrl}. Use an https address.`;
    case 'gateway':
      return 'The console is up and the API behind it is not: check that it runs.';
    case 'overloaded':
      return `It is starting, or has more to do than it can: a gateway answered in its place. ${retryAdvice(retryAfterSeconds ?? null)}`;
    case 'timeout':
      return `Nothing came from ${apiUrl} in time. Run it again, and check the address if it stays so.`;
    case 'redirected':
      return `${apiUrl} leads to another address, and browsers send no script on to there. Check and save the address in the settings: the one that it leads to is saved instead.`;
    case 'interrupted':
      return 'The answer broke off. Run it again.';
    case 'bad-address':
      return `${apiUrl} is no http address. Correct the address of the API.`;
    default:
      return reason satisfies never;
  }
}

function wrongApiDetail({ apiUrl, status, contentType }: WrongApi): string {
  const type = contentType.split(';', 1)[0] ?? '';
  return `${apiUrl} answered with status ${status}${type === '' ? '' : ` and ${type}`}.`;
}
