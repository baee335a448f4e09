import { JOB_STATUSES, type JobStatus } from '@pycell/contracts';
import type { JobEvent, JobRecord } from '../job';
import { JobStoreUnavailable, type PendingCallback } from '../job-store';

const ID = /^[0-9a-f]{32}$/;
export const MAX_NAME_LENGTH = 256;
/** Of a URL that a callback goes to. */
const MAX_URL_LENGTH = 4_096;

/** An id of the line, and its priority there. */
export interface Placed {
  readonly id: string;
  readonly priority: number;
}

/** Whoever can write to Redis could answer anything. */
function nonsense(): never {
  throw new JobStoreUnavailable('Redis answered what is none of ours');
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

export function listOf(value: unknown, length?: number): readonly unknown[] {
  return Array.isArray(value) && (length === undefined || value.length === length)
    ? (value as unknown[])
    : nonsense();
}

export function textOf(value: unknown, maxLength = MAX_NAME_LENGTH): string {
  return typeof value === 'string' && value.length <= maxLength ? value : nonsense();
}

/** Reads a list; leaves out what is none of ours, lest it keep the others back. */
export function readableOf<T, V = unknown>(values: readonly V[], read: (value: V) => T): readonly T[] {
  return values.flatMap((value) => {
    try {
      return [read(value)];
    } catch (error) {
      // Whoever can write to Redis can have written it.
      if (error instanceof JobStoreUnavailable) {
        return [];
      }
      throw error;
    }
  });
}

/** Reads a whole number that may come as text. */
export function wholeOf(value: unknown, max = Number.MAX_SAFE_INTEGER): number {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 && number <= max
    ? number
    : nonsense();
}

export function idOf(value: unknown): string {
  return isId(value) ? value : nonsense();
}

function timeOf(value: unknown): number | null {
  // Beyond it there is no Date.
  return value === '' ? null : wholeOf(value, 8.64e15);
}

/** Reads what scripts tell of a record. */
export function recordOf(answer: unknown): JobRecord {
  const [id, owner, status, created, started, ended, expires, http] = listOf(answer, 8);
  const known = JOB_STATUSES.find((name) => name === status) ?? nonsense();
  const record: JobRecord = {
    id: idOf(id),
    owner: textOf(owner),
    status: known,
    createdAt: timeOf(created) ?? nonsense(),
    startedAt: timeOf(started),
    endedAt: timeOf(ended),
    expiresAt: timeOf(expires),
    httpStatus: http === '' ? null : httpStatusOf(http),
  };
  return isConsistent(record) ? record : nonsense();
}

export function httpStatusOf(value: unknown): number {
  const status = wholeOf(value, 599);
  return status >= 200 ? status : nonsense();
}

const ENDS: readonly JobStatus[] = ['succeeded', 'failed', 'cancelled'];

function isConsistent({ status, startedAt, endedAt, expiresAt, httpStatus }: JobRecord): boolean {
  const hasEnded = ENDS.includes(status);
  return (
    hasEnded === (endedAt !== null) &&
    hasEnded === (expiresAt !== null) &&
    (httpStatus !== null) === (status === 'succeeded' || status === 'failed') &&
    (status !== 'queued' || startedAt === null) &&
    (status !== 'running' || startedAt !== null)
  );
}

/** Reads ids and priorities, one after the other; leaves out what is none of ours, lest it keep the others back. */
export function placedOf(answer: unknown, maxPriority: number): readonly Placed[] {
  const values = listOf(answer);
  if (values.length % 2 !== 0) {
    nonsense();
  }
  const pairs = Array.from({ length: values.length / 2 }, (_, index) =>
    values.slice(2 * index, 2 * index + 2),
  );
  return readableOf(pairs, ([id, priority]) => ({
    id: idOf(id),
    priority: Math.max(1, wholeOf(priority, maxPriority)),
  }));
}

const EVENT_TYPES = { o: 'stdout', e: 'stderr' } as const;

/** Writes an event: a letter, and its text. */
export function writeEvent(event: JobEvent): string {
  return event.type === 'start' ? 's' : `${event.type === 'stdout' ? 'o' : 'e'}${event.text}`;
}

/** Reads one; an empty one of its place where it is none, so that the others keep their numbers. */
export function readEvent(value: unknown): JobEvent {
  const text = typeof value === 'string' ? value : '';
  if (text === 's') {
    return { type: 'start' };
  }
  const type = EVENT_TYPES[text[0] as keyof typeof EVENT_TYPES] as 'stdout' | 'stderr' | undefined;
  return { type: type ?? 'stderr', text: type ? text.slice(1) : '' };
}

export function pendingOf(answer: unknown): PendingCallback {
  const [id, owner, key, url, ended] = listOf(answer, 5);
  return {
    id: idOf(id),
    owner: textOf(owner),
    key: key === '' ? null : textOf(key),
    url: textOf(url, MAX_URL_LENGTH),
    endedAt: timeOf(ended) ?? nonsense(),
  };
}
