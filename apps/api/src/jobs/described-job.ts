import type { AsynchronousExecution } from '@pycell/contracts';
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

/** Returns the body that tells of a job, in pieces: the result is the text that Python wrote, as in the answers of `POST /execute`. */
export function jobBody(record: JobRecord, outcome: JobOutcome | null): readonly Buffer[] {
  const described = JSON.stringify(describedJob(record));
  return outcome
    ? [Buffer.from(`${described.slice(0, -1)},"outcome":`), ...outcomeBody(outcome), Buffer.from('}')]
    : [Buffer.from(described)];
}

/** Returns the body with which `POST /execute` would have answered. */
export function outcomeBody({ result, facts, output, artifacts }: JobOutcome): readonly Buffer[] {
  const files = artifacts.flatMap((artifact, index) => [
    Buffer.from(index === 0 ? '' : ','),
    Buffer.from(artifact),
  ]);
  const [open, close] = [Buffer.from('"artifacts":['), Buffer.from(']')];
  const members: (readonly Buffer[])[] =
    result === null
      ? [membersOf(facts), membersOf(output), artifacts.length > 0 ? [open, ...files, close] : []]
      : [[Buffer.from('"result":'), result], membersOf(output), [open, ...files, close], membersOf(facts)];
  const present = members.filter(({ length }) => length > 0);
  const comma = Buffer.from(',');
  return [
    Buffer.from('{'),
    ...present.flatMap((member, index) => (index === 0 ? member : [comma, ...member])),
    Buffer.from('}'),
  ];
}

/** What stands within the braces of a JSON object. */
function membersOf(json: string): readonly Buffer[] {
  return json === '{}' ? [] : [Buffer.from(json.slice(1, -1))];
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
