import { faultyAnswer } from '../errors/error-of';
import { findMember } from '../json/json-member';
import type { IntegerReading } from '../json/read-json';
import { endOfBody, type RunEnd } from '../results/run-result';

/** What became of one input of a batch. */
export type BatchItem<T = unknown> = {
  /** Its place in `inputs`, from 0. */
  readonly index: number;
} & RunEnd<T>;

/**
 * What a line of a batch says.
 *
 * @param count how many inputs there are
 * @returns null for a sign of life
 * @throws ServiceError where it is no line of pycell's
 */
export function readBatchLine<T>(line: string, count: number, integers: IntegerReading): BatchItem<T> | null {
  const index = numberIn(line, 'index');
  if (index === null) {
    if (findMember(line, 'type')) {
      return null;
    }
    throw faultyAnswer('A line of the batch');
  }
  const status = numberIn(line, 'status');
  const end = status === null || index >= count ? null : endOfBody<T>(line, { status }, integers);
  if (!end) {
    throw faultyAnswer('A line of the batch');
  }
  return { index, ...end };
}

function numberIn(line: string, name: string): number | null {
  const span = findMember(line, name);
  const text = span && line.slice(span.start, span.end);
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
