import { describedJob, outcomeBody } from '../jobs/described-job';
import type { JobOutcome, JobRecord } from '../jobs/job';

/** An outcome with more is left away: the receiver asks for it by the id. */
const MOST_OUTCOME_BYTES = 256 * 1024;
/** No outcome of so many bytes takes more as it is kept: there each of its parts, some two thousand at most, has a name. */
export const MOST_KEPT_BYTES = MOST_OUTCOME_BYTES + 16 * 1024;

/**
 * Returns what a receiver is told of an execution that has ended, the same text on each attempt. The result stands in it as
 * Python wrote it.
 * @param outcome null of one that was cancelled; `too large` of one that holds more than MOST_KEPT_BYTES
 */
export function callbackBody(record: JobRecord, outcome: JobOutcome | 'too large' | null): string {
  const facts = JSON.stringify(describedJob(record));
  const data = outcome ? `${facts.slice(0, -1)},${outcomeMember(outcome)}}` : facts;
  const timestamp = new Date(record.endedAt ?? record.createdAt).toISOString();
  return `{"type":"execution.ended","timestamp":"${timestamp}","data":${data}}`;
}

function outcomeMember(outcome: JobOutcome | 'too large'): string {
  const pieces = outcome === 'too large' ? null : outcomeBody(outcome);
  return !pieces || pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0) > MOST_OUTCOME_BYTES
    ? '"outcomeLeftOut":true'
    : `"outcome":${pieces.join('')}`;
}
