import type { AsynchronousExecution, ErrorResponse } from '@pycell/contracts';
import { eventually } from './eventually';
import { type ExecuteAnswer, type HttpAnswer, HttpClient } from './http-client';

const EXECUTIONS = '/executions';
const ENDS: readonly string[] = ['succeeded', 'failed', 'cancelled'];
/** On a machine that does other work besides; a run itself has ten seconds. */
const END_TIMEOUT_MS = 40_000;

type Headers = Readonly<Record<string, string>>;

/** What is answered about an asynchronous execution: which half of the fields is there depends on the status. */
export type JobAnswer = HttpAnswer<AsynchronousExecution & ErrorResponse>;

export const HELLO = 'def main():\n    return "hello"';
/** A script that holds its place for so long. */
export const sleeper = (seconds: number): string =>
  `import time\ndef main():\n    time.sleep(${seconds})\n    return "slept"`;

export function pathOf(id: string): string {
  return `${EXECUTIONS}/${id}`;
}

/** Starts an execution. `body`: the script, or the whole body. */
export function startJob(
  client: HttpClient,
  body: string | Readonly<Record<string, unknown>>,
  headers: Headers = {},
): Promise<JobAnswer> {
  return client.send({
    method: 'POST',
    path: EXECUTIONS,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(typeof body === 'string' ? { script: body } : body),
  });
}

/** Starts an execution that must be accepted. @returns its id */
export async function acceptedJob(
  client: HttpClient,
  body: string | Readonly<Record<string, unknown>>,
  headers: Headers = {},
): Promise<string> {
  const answer = await startJob(client, body, headers);
  if (answer.status !== 202) {
    throw new Error(`not accepted: ${answer.status} ${answer.text}`);
  }
  return answer.body.id;
}

export function jobOf(client: HttpClient, id: string, headers: Headers = {}): Promise<JobAnswer> {
  return client.get(pathOf(id), headers);
}

export function cancelJob(client: HttpClient, id: string, headers: Headers = {}): Promise<JobAnswer> {
  return client.send({ method: 'DELETE', path: pathOf(id), headers });
}

/** Waits for its end. @throws Error with what it was at last, where it does not end in time */
export async function endOf(
  client: HttpClient,
  id: string,
  headers: Headers = {},
  timeoutMs = END_TIMEOUT_MS,
): Promise<AsynchronousExecution> {
  const { body } = await eventually(
    () => jobOf(client, id, headers),
    ({ status, body: seen }) => status === 200 && ENDS.includes(seen.status),
    timeoutMs,
  );
  return body;
}

/** Executes scripts as asynchronous executions, and answers as a buffered answer would. */
export class JobsClient extends HttpClient {
  override async execute(script: string, _signal?: AbortSignal, members = ''): Promise<ExecuteAnswer> {
    const rest = members === '' ? '' : `, ${members}`;
    const started = await this.send<AsynchronousExecution>({
      method: 'POST',
      path: EXECUTIONS,
      headers: { 'Content-Type': 'application/json' },
      body: `{"script": ${JSON.stringify(script)}${rest}}`,
    });
    if (started.status !== 202) {
      return started as unknown as ExecuteAnswer;
    }
    const { httpStatus, outcome } = await endOf(this, started.body.id);
    return { ...started, status: httpStatus ?? 0, body: outcome } as unknown as ExecuteAnswer;
  }
}
