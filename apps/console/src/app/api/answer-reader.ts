import {
  type Fields,
  type HttpAnswer,
  isObject,
  memberOf,
  parseObject,
  readErrorBody,
  readErrorEvent,
  readExecuteBody,
  readRetryAfter,
  type ReceivedOutput,
} from '@pycell/api-client';
import {
  type ErrorResponse,
  type MetadataResponse,
  STATUSES,
  type ValidateResponse,
} from '@pycell/contracts';
import { isKeyCode, type KeyRefusal } from '../keys/key-refusal';
import { lookUp } from './look-up';
import type {
  Busy,
  Failed,
  MetadataOutcome,
  RunOutcome,
  Succeeded,
  Unreachable,
  WrongApi,
} from './run-outcome';
import type { ValidateOutcome } from './validate-outcome';

/** An answer as it came, whoever gave it. */
export interface RawAnswer extends Omit<HttpAnswer, 'requestId'> {
  readonly apiUrl: string;
  /** Whether it was asked for with a key. */
  readonly hadKey: boolean;
}

/** The API never sends these itself: in its format they come from the console's own server, which could not reach it. */
const GATEWAY_STATUSES: readonly number[] = [502, 504];
/** Another time there may be another answer. */
const PASSING_STATUSES = /^(?:408|429|5..)$/;
/** Of a service that does not know the path, or of a host of files. */
const UNSUPPORTED_STATUSES: readonly number[] = [404, 405];

/** What an answer to `POST /execute` means. */
export function readExecuteAnswer(answer: RawAnswer): RunOutcome {
  if (answer.status === 200) return readResult(answer.body) ?? wrongApi(answer);
  const error = readErrorBody(answer.body);
  if (error && GATEWAY_STATUSES.includes(answer.status)) return unreachableBehindGateway(answer, error);
  if (!error) return isOverloaded(answer) ? overloaded(answer) : wrongApi(answer);
  return failureOf(error, answer.status, readRetryAfter(answer.retryAfter));
}

/**
 * What the text of a `result` means: the body of 200, in a stream without what was sent as events before.
 * @returns null where it is none
 */
export function readResult(body: string, received?: ReceivedOutput): Succeeded | null {
  const answer = readExecuteBody(body, received);
  return answer && { kind: 'succeeded', ...answer };
}

/**
 * What an `error` event of a stream means: the body of an error without what was sent as events before.
 * @returns null where it is none
 */
export function readFailure(event: Fields, received: ReceivedOutput): Failed | Busy | null {
  const error = readErrorEvent(event, received);
  // The answer's own status was that of a run that had begun. A code of a newer service is the script's.
  return error && failureOf(error, lookUp(STATUSES, error.code)?.http ?? 422, null);
}

function failureOf(error: ErrorResponse, status: number, retryAfterSeconds: number | null): Failed | Busy {
  return error.code === 'SANDBOX_BUSY'
    ? { kind: 'busy', error, retryAfterSeconds }
    : { kind: 'failed', status, error, retryAfterSeconds };
}

/** What an answer to `GET /` means. */
export function readMetadataAnswer(answer: RawAnswer): MetadataOutcome {
  const error = readErrorBody(answer.body);
  if (error && GATEWAY_STATUSES.includes(answer.status)) return unreachableBehindGateway(answer, error);
  if (isOverloaded(answer)) return overloaded(answer);
  const refusal = readKeyRefusal(answer);
  if (refusal) return { kind: 'locked', refusal };
  const metadata = parseObject(answer.body);
  return answer.status === 200 && metadata && isMetadata(metadata)
    ? { kind: 'described', metadata, apiUrl: answer.apiUrl }
    : wrongApi(answer);
}

/** @returns null where the answer is about something else than the key, or not pycell's */
export function readKeyRefusal({ apiUrl, status, hadKey, body }: RawAnswer): KeyRefusal | null {
  // Most answers are none, and some are long.
  if (status !== 401 && status !== 403) return null;
  const { code, error: message } = readErrorBody(body) ?? { code: '', error: '' };
  return isKeyCode(code, status) ? { apiUrl, code, message, hadKey } : null;
}

/** What an answer to `POST /validate` means. */
export function readValidateAnswer(answer: RawAnswer): ValidateOutcome {
  const { status, body, retryAfter } = answer;
  if (UNSUPPORTED_STATUSES.includes(status)) return { kind: 'unsupported' };
  if (readKeyRefusal(answer)) return { kind: 'locked' };
  if (PASSING_STATUSES.test(String(status))) {
    return { kind: 'unanswered', retryAfterSeconds: readRetryAfter(retryAfter) };
  }
  return status === 200 ? readValidation(body) : { kind: 'refused' };
}

function readValidation(body: string): ValidateOutcome {
  const answer = parseObject(body);
  if (!answer || !isValidateResponse(answer)) return { kind: 'unsupported' };
  const main = answer.main === null ? null : memberOf(body, 'main');
  return { kind: 'validated', answer, parametersJson: main === null ? null : memberOf(main, 'parameters') };
}

/** @returns null where the answer is none to `GET /modules` */
export function readModulesAnswer({ status, body }: RawAnswer): readonly string[] | null {
  const modules = status === 200 ? parseObject(body)?.['modules'] : null;
  return Array.isArray(modules) ? modules.filter((name) => typeof name === 'string') : null;
}

/** An ingress without a pod that is ready, a platform that has no instance yet, a proxy that slows callers down. */
function isOverloaded({ status }: RawAnswer): boolean {
  return status === 429 || status >= 500;
}

function overloaded({ apiUrl, retryAfter }: RawAnswer): Unreachable {
  const seconds = readRetryAfter(retryAfter);
  const outcome: Unreachable = { kind: 'unreachable', apiUrl, reason: 'overloaded', detail: '' };
  return seconds === null ? outcome : { ...outcome, retryAfterSeconds: seconds };
}

function unreachableBehindGateway({ apiUrl }: RawAnswer, { error }: ErrorResponse): Unreachable {
  return { kind: 'unreachable', apiUrl, reason: 'gateway', detail: error };
}

function wrongApi({ apiUrl, status, contentType }: RawAnswer): WrongApi {
  return { kind: 'wrong-api', apiUrl, status, contentType };
}

function isValidateResponse(value: Fields): value is Fields & ValidateResponse {
  const { valid, main } = value;
  return typeof valid === 'boolean' && (main === null || (isObject(main) && isObject(main['parameters'])));
}

/** Checks what the console relies on, to recognise answers of other services. */
function isMetadata(value: Fields): value is Fields & MetadataResponse {
  const { name, version, isolation, isolationPromises, limits, python, scriptPolicy, selfTest } = value;
  return (
    name === 'pycell' &&
    typeof version === 'string' &&
    typeof isolation === 'string' &&
    Array.isArray(isolationPromises) &&
    isObject(limits) &&
    typeof limits['maxScriptSize'] === 'number' &&
    typeof limits['timeoutSeconds'] === 'number' &&
    isObject(selfTest) &&
    typeof selfTest['passed'] === 'boolean' &&
    Array.isArray(selfTest['checks']) &&
    isObject(python) &&
    Array.isArray(python['packages']) &&
    isObject(scriptPolicy) &&
    Array.isArray(scriptPolicy['blockedModules']) &&
    Array.isArray(scriptPolicy['blockedNames']) &&
    isCaller(value['caller'])
  );
}

/** Older services do not tell it. */
function isCaller(value: unknown): boolean {
  if (value === undefined) return true;
  if (!isObject(value)) return false;
  const { key, places, rate } = value;
  const isRate =
    isObject(rate) && typeof rate['requests'] === 'number' && typeof rate['seconds'] === 'number';
  return (
    (key === null || typeof key === 'string') &&
    (places === null || typeof places === 'number') &&
    (rate === null || isRate)
  );
}
