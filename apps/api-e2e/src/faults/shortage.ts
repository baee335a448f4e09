import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import type { ApiServer } from '../harness/api-server';
import { eventually } from '../harness/eventually';
import { hello, isRetryable } from './load';

/** Sets the soft limit of a process that runs; the hard one stays, so that it can be raised again. */
export function limitResource(
  pid: number,
  name: 'nofile' | 'nproc',
  value: number,
  owner?: { readonly uid?: number; readonly gid?: number },
): void {
  const limit = ['prlimit', '--pid', String(pid), `--${name}=${value}:`];
  // Root may not where it lacks SYS_RESOURCE; everybody may change what is their own.
  const [file = '', ...args] = owner
    ? ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups', ...limit]
    : limit;
  execFileSync(file, args);
}

/** Lines of the log that are not about one execution. */
function ownLines(log: string): string[] {
  return log.split('\n').filter((line) => line !== '' && !line.includes('"outcome"'));
}

/** What a service says within a shortage, in lines a second, above which it is a storm. */
const MAX_LINES_A_SECOND = 10;
/** From the end of a shortage to the first result: the longest wait between two attempts, and the attempt. */
const HEALING_MS = 4_000;

export interface Shortage {
  /** What the operator must find in the log. */
  readonly told: RegExp;
  /** How long an answer may take, with the patience that it deserves. Milliseconds. */
  readonly answeredWithinMs: number;
  readonly begin: () => void | Promise<void>;
  readonly end: () => void;
}

/**
 * Asks again and again during a shortage, then ends it. It holds: the service lives, each answer is the result or 503 and
 * safe to retry, some are 503, the log tells why without a storm, and scripts run again soon afterwards.
 */
export async function expectSurvived(
  server: ApiServer,
  { told, answeredWithinMs, begin, end }: Shortage,
): Promise<void> {
  const since = performance.now();
  const loggedBefore = server.log.length;
  let refused = 0;
  try {
    await begin();
    while (refused < 3 || performance.now() - since < 3_000) {
      const sentAt = performance.now();
      const answers = await Promise.all([1, 2, 3, 4].map((n) => server.client.execute(hello(n))));
      expect(answers.filter((answer, n) => !(answer.body.result === n + 1 || isRetryable(answer)))).toEqual(
        [],
      );
      expect(performance.now() - sentAt).toBeLessThan(answeredWithinMs);
      refused += answers.filter(isRetryable).length;
      // A short one between answers that come at once.
      await delay(50);
    }
    expect(server.process.hasExited).toBe(false);
    expect((await server.client.get(API_PATHS.live)).status).toBe(200);
    const logged = server.log.slice(loggedBefore);
    expect(logged).toMatch(told);
    const seconds = (performance.now() - since) / 1000;
    expect(ownLines(logged).length / seconds).toBeLessThan(MAX_LINES_A_SECOND);
  } finally {
    end();
  }
  await eventually(
    () => server.client.execute(hello(5)),
    ({ body }) => body.result === 5,
    server.patienceMs(HEALING_MS),
  );
}
