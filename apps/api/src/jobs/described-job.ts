import type { AsynchronousExecution } from '@pycell/contracts';
import type { Part } from '../answers/large-answers';
import type { JobOutcome, JobRecord } from './job';

/** Returns what clients hear of a job, but for its outcome. */
export function describedJob(record: JobRecord): AsynchronousExecution {
  const { id, status, createdAt, startedAt, endedAt, expiresAt, httpStatus } = record;
  return {
    id,
    status,
    createdAt: timeOf(createdAt),
    ...(startedAt !== null && { startedAt: timeOf(startedAt) }),
    ...(endedAt !== null && { endedAt: timeOf(endedAt) }),
    ...(expiresAt !== null && { expiresAt: timeOf(expiresAt) }),
    ...(httpStatus !== null && { httpStatus }),
  };
}

/**
 * Returns the body that tells of a job, in parts that are not copied: the result is the text that Python wrote, as in the answers
 * of `POST /execute`.
 */
export function jobBody(record: JobRecord, outcome: JobOutcome | null): readonly Part[] {
  const described = JSON.stringify(describedJob(record));
  return outcome ? [`${described.slice(0, -1)},"outcome":`, ...outcomeBody(outcome), '}'] : [described];
}

/** Returns the body with which `POST /execute` would have answered, likewise. */
export function outcomeBody({ result, facts, output, artifacts }: JobOutcome): readonly Part[] {
  const files = artifacts.flatMap((artifact, index) => (index === 0 ? [artifact] : [',', artifact]));
  const [open, close] = ['"artifacts":[', ']'];
  const members: (readonly Part[])[] =
    result === null
      ? [membersOf(facts), membersOf(output), artifacts.length > 0 ? [open, ...files, close] : []]
      : [['"result":', result], membersOf(output), [open, ...files, close], membersOf(facts)];
  const present = members.filter(({ length }) => length > 0);
  return ['{', ...present.flatMap((member, index) => (index === 0 ? member : [',', ...member])), '}'];
}

/** What stands within the braces of a JSON object. */
function membersOf(json: string): readonly string[] {
  return json === '{}' ? [] : [json.slice(1, -1)];
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
