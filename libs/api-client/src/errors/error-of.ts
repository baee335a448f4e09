import { readErrorBody } from '../answers/answer-body';
import { artifactOf } from '../answers/artifact';
import type { Fields } from '../answers/fields';
import { type HttpAnswer, readRetryAfter } from '../http/http-answer';
import { CODES } from '../schema/codes.generated';
import type { ErrorBody } from '../schema/schema';
import {
  type ErrorFacts,
  type ErrorKind,
  NetworkError,
  type PycellError,
  RefusedError,
  ScriptError,
  ServiceError,
} from './pycell-error';

/** The error that an answer tells of: one of pycell's, or that it is none of pycell's. */
export function errorOfAnswer(answer: HttpAnswer): PycellError {
  const error = readErrorBody(answer.body);
  return (error && errorOfBody(error, answer)) ?? unexpectedAnswer(answer);
}

/** What came with the body of an error. `status` is absent of an event in a stream: there the code tells it. */
export interface ErrorContext {
  readonly status?: number;
  readonly retryAfter?: string | null;
  /** The `X-Request-Id` header. */
  readonly requestId?: string | null;
  /** Whether the script had been handed over before: the event `start` has come. */
  readonly hasStarted?: boolean;
}

/** @returns null where one of its artifacts is none: as everywhere, none is left out without a word */
export function errorOfBody(body: ErrorBody, context: ErrorContext): PycellError | null {
  const { status, retryAfter = null, requestId = null, hasStarted = false } = context;
  const { error: message, artifacts: artifactBodies = [], ...rest } = body;
  const artifacts = artifactBodies.map(artifactOf);
  if (!artifacts.every((artifact) => artifact !== null)) {
    return null;
  }
  const known = Object.hasOwn(CODES, body.code) ? CODES[body.code] : null;
  const seconds = readRetryAfter(retryAfter);
  const http = status ?? known?.http ?? 422;
  const facts: ErrorFacts = {
    ...(requestId !== null && { requestId }),
    ...rest,
    message,
    status: http,
    artifacts,
    ...(seconds !== null && { retryAfterSeconds: seconds }),
    mayHaveRun: hasStarted || mayHaveRun(body, http),
  };
  return errorOfKind(known?.kind ?? kindOfStatus(http), facts);
}

/** Something else has answered, as far as can be told. @param fault what the answer is, or does */
export function unexpectedAnswer(
  answer: Omit<HttpAnswer, 'body'>,
  fault = "is none of pycell's",
): PycellError {
  const { status, contentType, retryAfter, requestId } = answer;
  const seconds = readRetryAfter(retryAfter);
  return new ServiceError({
    code: 'UNEXPECTED_ANSWER',
    message:
      `The answer ${fault}: status ${status}, ${contentType || 'no content type'}. ` +
      'Check the base URL, and what stands in front of the service.',
    status,
    ...(requestId !== null && { requestId }),
    ...(seconds !== null && { retryAfterSeconds: seconds }),
    // A gateway's 429 and 4xx are said before anything is handed on; 422 is of a script.
    mayHaveRun: status < 400 || status >= 500 || status === 422,
  });
}

/** A redirect is not followed: neither a script nor a key goes to another address than it was meant for. */
export function redirectedAnswer(status: number): PycellError {
  return new ServiceError({
    code: 'UNEXPECTED_ANSWER',
    message: 'The address leads to another one, and nothing is sent on: take that one as the base URL.',
    ...(status > 0 && { status }),
    mayHaveRun: false,
  });
}

/** Nothing came. @param cause what `fetch` threw, which says little on purpose in browsers */
export function connectionFailed(cause: unknown): PycellError {
  return new NetworkError({
    code: 'CONNECTION_FAILED',
    message: `No answer came: ${reasonOf(cause)}`,
    mayHaveRun: !wasNeverSent(cause),
    cause,
  });
}

/** An answer broke off. @param cause what `fetch` threw, where it did */
export function answerCut(what: string, cause?: unknown): PycellError {
  return new NetworkError({
    code: 'ANSWER_CUT',
    message: `${what}${cause === undefined ? '' : `: ${reasonOf(cause)}`}`,
    mayHaveRun: true,
    cause,
  });
}

/** Node tells why no connection came about; browsers do not, and then it may have been lost later. */
const NEVER_SENT: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

function wasNeverSent(error: unknown): boolean {
  return NEVER_SENT.includes(memberOf(memberOf(error, 'cause'), 'code'));
}

/** Not by `instanceof`: what `fetch` throws may be of another realm. */
function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Fields)[name] : undefined;
}

function reasonOf(error: unknown): string {
  const cause = memberOf(error, 'cause');
  // An AggregateError, of a host with several addresses, has a code and no message of its own.
  const told = [memberOf(cause, 'message'), memberOf(cause, 'code'), memberOf(error, 'message')];
  return told.filter((text) => typeof text === 'string').find((text) => text !== '') ?? 'no reason was given';
}

/**
 * SANDBOX_UNAVAILABLE is said before a run as well as of one that was lost, and nothing in it says which. A gateway that
 * speaks pycell's language (502, 504) does not know it either.
 */
function mayHaveRun({ code, execution }: ErrorBody, status: number): boolean {
  if (execution || code === 'INTERNAL' || code === 'SANDBOX_UNAVAILABLE') {
    return true;
  }
  return status > 500 && status !== 503;
}

function kindOfStatus(status: number): Exclude<ErrorKind, 'network'> {
  if (status === 422) {
    return 'script';
  }
  return status < 500 ? 'refused' : 'service';
}

function errorOfKind(kind: Exclude<ErrorKind, 'network'>, facts: ErrorFacts): PycellError {
  switch (kind) {
    case 'script':
      return new ScriptError(facts);
    case 'refused':
      return new RefusedError(facts);
    case 'service':
      return new ServiceError(facts);
    default:
      return kind satisfies never;
  }
}

/** What began as an answer of pycell's goes on as something else. */
export function faultyAnswer(what: string): PycellError {
  return new ServiceError({
    code: 'UNEXPECTED_ANSWER',
    message: `${what} is not what pycell sends`,
    mayHaveRun: true,
  });
}
