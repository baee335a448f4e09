import { findMember } from '../json/json-member';
import type { ExecutionFacts, ExecutionStatus } from '../schema/schema';
import { type Fields, parseObject } from './fields';

const ID = /^[0-9a-f]{32}$/;
const GOING_ON = ['queued', 'running'] as const satisfies readonly ExecutionStatus[];
const ENDED = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly ExecutionStatus[];

/** What an answer says of an asynchronous execution. */
export interface ExecutionRecord {
  readonly facts: ExecutionFacts;
  /** The text of what `POST /execute` would have answered; null before the end, and of one that was cancelled. */
  readonly outcomeText: string | null;
}

/** Whether it has an end, which does not change any more. */
export function hasEnded({ status }: Pick<ExecutionFacts, 'status'>): boolean {
  return ENDED.some((name) => name === status);
}

/** @returns null where the body is none of an asynchronous execution */
export function readExecutionRecord(body: string): ExecutionRecord | null {
  const span = findMember(body, 'outcome');
  const value = parseObject(span ? `${body.slice(0, span.start)}null${body.slice(span.end)}` : body);
  if (!value || !isExecution(value)) {
    return null;
  }
  const facts: ExecutionFacts & { outcome?: unknown } = { ...value };
  delete facts.outcome;
  const outcomeText = span && facts.httpStatus !== undefined ? body.slice(span.start, span.end) : null;
  return { facts, outcomeText };
}

function isExecution(value: Fields): value is Fields & ExecutionFacts {
  const { id, status, createdAt, httpStatus } = value;
  return (
    typeof id === 'string' &&
    ID.test(id) &&
    [...GOING_ON, ...ENDED].some((name) => name === status) &&
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
