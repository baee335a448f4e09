import { type AsynchronousExecution, JOB_STATUSES } from '@pycell/contracts';
import { type Fields, parseObject, type RawAnswer, readErrorBody, readExecuteAnswer } from './answer-reader';
import { findMember } from './json-member';
import type { RunOutcome } from './run-outcome';

/** What the service keeps of an execution, without its outcome. */
export type ExecutionFacts = Omit<AsynchronousExecution, 'outcome'>;

/** What an answer says of an asynchronous execution. */
export type ExecutionAnswer =
  /** `outcome` is null before the end, and of one that was cancelled. */
  | { readonly kind: 'known'; readonly facts: ExecutionFacts; readonly outcome: RunOutcome | null }
  /** The service does not have it, or not for this caller. */
  | { readonly kind: 'forgotten' }
  /** The service has no such question. */
  | { readonly kind: 'unsupported' }
  /** Nothing is known of it: what became of the request instead. */
  | { readonly kind: 'refused'; readonly outcome: RunOutcome };

const ID = /^[0-9a-f]{32}$/;
const ENDED: readonly string[] = ['succeeded', 'failed', 'cancelled'];

/** Whether it has an end, which does not change any more. */
export function hasEnded({ status }: Pick<ExecutionFacts, 'status'>): boolean {
  return ENDED.includes(status);
}

/** What an answer of `POST /executions`, `GET` or `DELETE /executions/:id` means. */
export function readExecutionAnswer(answer: RawAnswer, asked: 'start' | 'one'): ExecutionAnswer {
  const { apiUrl, status, contentType, body } = answer;
  if (status === 200 || status === 202) {
    const wrong = { kind: 'wrong-api', apiUrl, status, contentType } as const;
    return readExecution(answer) ?? { kind: 'refused', outcome: wrong };
  }
  const code = readErrorBody(body)?.code;
  if (asked === 'one' && status === 404 && code === 'NOT_FOUND') return { kind: 'forgotten' };
  const isUnsupported = code === 'NOT_FOUND' || code === 'METHOD_NOT_ALLOWED';
  if (asked === 'start' && isUnsupported) return { kind: 'unsupported' };
  return { kind: 'refused', outcome: readExecuteAnswer(answer) };
}

/** The outcome is what `POST /execute` would have answered, and is read as that: as text, so that no digit is lost. */
function readExecution(answer: RawAnswer): ExecutionAnswer | null {
  const span = findMember(answer.body, 'outcome');
  const text = span ? `${answer.body.slice(0, span.start)}null${answer.body.slice(span.end)}` : answer.body;
  const value = parseObject(text);
  if (!value || !isExecution(value)) return null;
  const facts = withoutOutcome(value);
  if (!span || facts.httpStatus === undefined) return { kind: 'known', facts, outcome: null };
  const body = answer.body.slice(span.start, span.end);
  const outcome = readExecuteAnswer({ ...answer, status: facts.httpStatus, body, retryAfter: null });
  return { kind: 'known', facts, outcome };
}

function withoutOutcome(value: AsynchronousExecution): ExecutionFacts {
  const facts: ExecutionFacts & { outcome?: unknown } = { ...value };
  delete facts.outcome;
  return facts;
}

function isExecution(value: Fields): value is Fields & AsynchronousExecution {
  const { id, status, createdAt, httpStatus } = value;
  return (
    typeof id === 'string' &&
    ID.test(id) &&
    JOB_STATUSES.some((name) => name === status) &&
    isMoment(createdAt) &&
    ['startedAt', 'endedAt', 'expiresAt'].every(
      (name) => value[name] === undefined || isMoment(value[name]),
    ) &&
    (httpStatus === undefined || typeof httpStatus === 'number')
  );
}

function isMoment(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
