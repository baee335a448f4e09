import { STATUSES } from '@pycell/contracts';
import { countText } from '../ui/formatting/figures';
import { artifactsOf } from './left-artifacts';
import { lookUp } from '../api/look-up';
import {
  type Cancelled,
  type Failed,
  isAboutKey,
  type RunOutcome,
  type Unreachable,
  type WrongApi,
} from '../api/run-outcome';
import type { ReceivedOutput } from '@pycell/api-client';
import { lineCount, outputOf } from './printed-output';

/** An outcome, described for the user. */
export interface OutcomeDescription {
  readonly tone: 'success' | 'warning' | 'error' | 'neutral';
  /** What happened, briefly. */
  readonly title: string;
  /** The details; may be empty. */
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
        // Nothing is wrong with the script, nor with the service.
        tone: isAboutCaller(outcome) ? 'warning' : 'error',
        title: titleOfCode(outcome.error.code),
        detail: outcome.error.error,
        advice: outcome.status >= 500 ? retryAdvice(outcome.retryAfterSeconds) : '',
      };
    case 'busy':
      return {
        tone: 'warning',
        title: STATUSES.SANDBOX_BUSY.title,
        detail: outcome.error.error,
        advice: retryAdvice(outcome.retryAfterSeconds),
      };
    case 'unreachable':
      return {
        tone: outcome.reason === 'overloaded' ? 'warning' : 'error',
        title: unreachableTitle(outcome),
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
      return {
        tone: 'neutral',
        title: 'Cancelled',
        detail: `The run was ended on request. ${cancelledOutput(outcome)}`,
        advice: '',
      };
    default:
      return outcome satisfies never;
  }
}

function isAboutCaller(outcome: Failed): boolean {
  return isAboutKey(outcome) || outcome.error.code === 'RATE_LIMITED';
}

/** One sentence for screen readers. */
export function announcementOf(outcome: RunOutcome): string {
  const { stdout, stderr } = outputOf(outcome);
  const lines = lineCount(stdout) + lineCount(stderr);
  const printed = lines === 0 ? '' : ` Printed ${countText(lines, 'line')}.`;
  if (outcome.kind === 'succeeded') {
    const files = artifactsOf(outcome).length;
    const left = files === 0 ? '' : ` With ${countText(files, 'file')}.`;
    return `Finished in ${outcome.execution.durationMs} milliseconds. The result is ready.${left}${printed}`;
  }
  const { title, detail } = describeOutcome(outcome);
  return (detail === '' ? `${title}.` : `${title}: ${detail}`) + printed;
}

function titleOfCode(code: string): string {
  return lookUp(STATUSES, code)?.title ?? 'The service refused the request';
}

function unreachableTitle({ reason, received }: Unreachable): string {
  if (reason === 'overloaded') return 'The API is not ready';
  return received ? 'The connection was lost' : 'No answer from the API';
}

function cancelledOutput({ received }: Cancelled): string {
  if (!received) return 'Output comes with the answer, so there is none.';
  return hasOutput(received) ? 'What it had printed by then is kept.' : 'It had printed nothing.';
}

function hasOutput({ stdout, stderr }: ReceivedOutput): boolean {
  return stdout !== '' || stderr !== '';
}

function retryAdvice(seconds: number | null): string {
  if (seconds === null) return 'Nothing was lost: run it again in a moment.';
  return `Nothing was lost: run it again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`;
}

function unreachableAdvice({ reason, apiUrl, retryAfterSeconds, received }: Unreachable): string {
  switch (reason) {
    case 'network':
      return 'Check that the service that serves this page is running.';
    case 'cross-origin':
      return `Check that the API runs at ${apiUrl} and that its CORS_ORIGINS contains ${location.origin}.`;
    case 'mixed-content':
      return `This page was loaded by https, so the browser does not call ${apiUrl}. Use an https address.`;
    case 'gateway':
      return 'The console is running, but the API behind it is not: check that it runs.';
    case 'overloaded':
      return `It is starting, or overloaded: a gateway answered instead of it. ${retryAdvice(retryAfterSeconds ?? null)}`;
    case 'timeout':
      return `No answer from ${apiUrl} in time. Run it again, and check the address if this persists.`;
    case 'redirected':
      return `${apiUrl} redirects to another address, and browsers do not resend a script there. Check and save the address in the settings: the one it redirects to is saved instead.`;
    case 'interrupted':
      return received && hasOutput(received)
        ? 'It was lost before the answer was complete. What the script had printed by then is kept. Run it again.'
        : 'The connection was lost before the answer was complete. Run it again.';
    case 'bad-address':
      return `${apiUrl} is not an http address. Correct the address of the API.`;
    default:
      return reason satisfies never;
  }
}

function wrongApiDetail({ apiUrl, status, contentType }: WrongApi): string {
  const type = contentType.split(';', 1)[0] ?? '';
  return `${apiUrl} answered with status ${status}${type === '' ? '' : ` and ${type}`}.`;
}

/**
 * Whether the service counts what its caller sends, and takes nothing before a time that it has said.
 * @returns seconds from the answer on; null for other outcomes
 */
export function refusedForSeconds(outcome: RunOutcome): number | null {
  return outcome.kind === 'failed' && outcome.error.code === 'RATE_LIMITED'
    ? outcome.retryAfterSeconds
    : null;
}
