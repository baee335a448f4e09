import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from './harness/eventually';
import type { HttpClient } from './harness/http-client';
import { describeBackends, type JobBackend, startBackend } from './harness/job-backends';
import {
  acceptedJob,
  cancelJob,
  endOf,
  HELLO,
  type JobAnswer,
  jobOf,
  pathOf,
  sleeper,
  startJob,
} from './harness/jobs-client';
import { executeWith, keyHeader, KeysFile } from './harness/keys-file';

const MAX_WAITING = 6;
const PLACES = 2;
/** With a body of some 300,000 bytes each: fewer than may wait by their number. */
const LARGE_BODIES = 3;
const LARGE_BODY = {
  script: 'import time\ndef main(x):\n    time.sleep(5)',
  inputs: { x: 'x'.repeat(300_000) },
};

describeBackends('A greedy caller of asynchronous executions', (withRedis) => {
  const file = new KeysFile();
  const attacker = keyHeader(file.add('attacker'));
  const victim = keyHeader(file.add('victim'));
  let backend: JobBackend;
  let client: HttpClient;

  beforeAll(async () => {
    backend = await startBackend(withRedis, {
      API_KEYS_FILE: file.path,
      MAX_CONCURRENCY: String(PLACES + 1),
      MAX_QUEUED_EXECUTIONS: String(MAX_WAITING),
      MAX_QUEUED_MB: '1',
      MAX_KEPT_MB: '1',
    });
    ({ client } = backend.server);
  });

  afterAll(async () => {
    await backend.stop();
    file.dispose();
  });

  /** What the service is for goes on, for those who do it no harm. */
  async function expectService(): Promise<void> {
    expect(await executeWith(client, victim)).toMatchObject({ status: 200, body: { result: 'hello' } });
    const id = await acceptedJob(client, HELLO, victim);
    expect(await endOf(client, id, victim)).toMatchObject({ outcome: { result: 'hello' } });
    expect(backend.server.process.hasExited).toBe(false);
  }

  /** Ends all that is under way, and waits until there is room. */
  async function calm(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => cancelJob(client, id, attacker)));
    await Promise.all(ids.map((id) => eventually(() => jobOf(client, id, attacker), hasEnded)));
  }

  function hasEnded({ status, body }: JobAnswer): boolean {
    return status === 404 || !['queued', 'running'].includes(body.status);
  }

  describe('who fills the waiting room', () => {
    async function fill(body: Readonly<Record<string, unknown>>): Promise<readonly JobAnswer[]> {
      const answers: JobAnswer[] = [];
      for (let n = 0; n < MAX_WAITING + 2 * PLACES + 3; n++) {
        answers.push(await startJob(client, body, attacker));
      }
      return answers;
    }

    it.each([
      ['by number', { script: sleeper(5) }, MAX_WAITING],
      ['by bytes', LARGE_BODY, LARGE_BODIES],
    ])(
      '%s: is refused with the time to come again, and others are served at once',
      async (_n, body, most) => {
        const answers = await fill(body);
        const refused = answers.filter(({ status }) => status !== 202);
        expect(refused.length).toBeGreaterThan(0);
        for (const answer of refused) {
          expect(answer).toMatchObject({ status: 503, body: { code: 'SANDBOX_BUSY' } });
          expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
        }
        const ids = answers.filter(({ status }) => status === 202).map(({ body: { id } }) => id);
        expect(ids.length).toBeLessThanOrEqual(most + PLACES + 1);
        // Calls do not wait behind executions that nobody waits for.
        expect(await executeWith(client, victim)).toMatchObject({ status: 200 });
        await calm(ids);
        await expectService();
      },
    );
  });

  it('who fills the room for what has ended has its own forgotten, and nobody else’s', async () => {
    const small = await acceptedJob(client, HELLO, victim);
    await endOf(client, small, victim);
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) {
      const id = await acceptedJob(client, `def main():\n    return "${n}" * 300_000`, attacker);
      await eventually(() => jobOf(client, id, attacker), hasEnded, 20_000);
      ids.push(id);
    }
    const kept = await Promise.all(ids.map((id) => jobOf(client, id, attacker)));
    const statuses = kept.map(({ status }) => status);
    expect(statuses.at(-1)).toBe(200);
    expect(statuses.filter((status) => status === 404).length).toBeGreaterThanOrEqual(2);
    // The oldest went first.
    expect(statuses).toEqual([...statuses].sort((one, other) => other - one));
    expect((await jobOf(client, small, victim)).body).toMatchObject({ outcome: { result: 'hello' } });
    await expectService();
  });

  it('who holds hundreds of streams open keeps nobody from the service', async () => {
    const id = await acceptedJob(client, sleeper(9), attacker);
    const going = new AbortController();
    // Each of these requests listens to it; Node warns of more than ten.
    setMaxListeners(0, going.signal);
    const held = Array.from({ length: 250 }, () =>
      client
        .send({ path: `${pathOf(id)}/events`, headers: attacker, signal: going.signal })
        .then(({ status }) => status)
        .catch(() => 'left'),
    );
    await delay(1_500);
    const since = performance.now();
    expect(await executeWith(client, victim)).toMatchObject({ status: 200 });
    expect((await client.get('/health/ready')).status).toBe(200);
    expect(performance.now() - since).toBeLessThan(backend.server.patienceMs(3_000));
    going.abort();
    // Those that were refused were told so.
    for (const status of new Set(await Promise.all(held))) {
      expect(['left', 200, 429, 503]).toContain(status);
    }
    // What they listen to goes on: nobody had to wait for its end.
    expect(['queued', 'running']).toContain((await jobOf(client, id, attacker)).body.status);
    await calm([id]);
    await expectService();
  });

  it('has left no error of ours in the log', () => {
    expect(backend.server.log).not.toMatch(
      /\bINTERNAL\b|[uU]nhandledPromise|unhandledRejection|uncaughtException/,
    );
  });
});
