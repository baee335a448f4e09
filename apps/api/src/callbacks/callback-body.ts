import type { AsynchronousExecution } from '@pycell/contracts';
import type { JobOutcome, JobRecord } from '../jobs/job';

/** An outcome with more is left away: the receiver asks for it by the id. */
const MOST_OUTCOME_BYTES = 256 * 1024;

/**
 * Returns what a receiver is told of an execution that has ended, the same text on each attempt. The result stands in it as
 * Python wrote it.
 * @param outcome null of one that was cancelled
 */
export function callbackBody(record: JobRecord, outcome: JobOutcome | null): string {
  const facts = JSON.stringify(factsOf(record)).slice(0, -1);
  const data = outcome ? `${facts},${outcomeMember(outcome)}}` : `${facts}}`;
  return `{"type":"execution.ended","timestamp":"${isoOf(record.endedAt ?? record.createdAt)}","data":${data}}`;
}

function factsOf(record: JobRecord): Omit<AsynchronousExecution, 'outcome'> {
  const { id, status, createdAt, startedAt, endedAt, expiresAt, httpStatus } = record;
  return {
    id,
    status,
    createdAt: isoOf(createdAt),
    ...(startedAt !== null && { startedAt: isoOf(startedAt) }),
    ...(endedAt !== null && { endedAt: isoOf(endedAt) }),
    ...(expiresAt !== null && { expiresAt: isoOf(expiresAt) }),
    ...(httpStatus !== null && { httpStatus }),
  };
}

function outcomeMember({ result, facts, output, artifacts }: JobOutcome): string {
  const pieces = [
    result?.length ?? 0,
    ...[facts, output, ...artifacts].map((text) => Buffer.byteLength(text)),
  ];
  if (pieces.reduce((sum, bytes) => sum + bytes, 0) > MOST_OUTCOME_BYTES) {
    return '"outcomeLeftOut":true';
  }
  const members = [
    result ? `"result":${result.toString()}` : '',
    output.slice(1, -1),
    result || artifacts.length > 0 ? `"artifacts":[${artifacts.join(',')}]` : '',
    facts.slice(1, -1),
  ];
  return `"outcome":{${members.filter((member) => member !== '').join(',')}}`;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
