import { type ExecutionFacts, readErrorBody, readExecutionRecord } from '@pycell/api-client';
import { type RawAnswer, readExecuteAnswer } from './answer-reader';
import type { RunOutcome } from './run-outcome';

export { type ExecutionFacts, hasEnded } from '@pycell/api-client';

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
  const record = readExecutionRecord(answer.body);
  if (!record) return null;
  const { facts, outcomeText: body } = record;
  if (body === null || facts.httpStatus === undefined) return { kind: 'known', facts, outcome: null };
  const outcome = readExecuteAnswer({ ...answer, status: facts.httpStatus, body, retryAfter: null });
  return { kind: 'known', facts, outcome };
}
