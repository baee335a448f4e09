import type { IncomingHttpHeaders } from 'node:http';
import { API_PATHS } from '@pycell/contracts';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeEachBuild } from './harness/jail-support';
import { placesHeld } from './harness/scrape';

/** Holds its place for `seconds`, and returns them. */
function sleeper(seconds: number): string {
  return `import time\ndef main():\n    time.sleep(${seconds})\n    return ${seconds}`;
}

describeEachBuild('Admission with one place and one waiting', (build) => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      MAX_CONCURRENCY: '1',
      MAX_QUEUE: '1',
      QUEUE_TIMEOUT: '3',
      SCRIPT_TIMEOUT: '8',
      METRICS_PORT: '0',
    });
  });

  afterAll(() => server.stop());

  /** Waits until the one place is taken, and so many wait. */
  const taken = (waiting: number): Promise<void> => placesHeld(server, 1, waiting);

  it('lets one wait, answers the third SANDBOX_BUSY with Retry-After, and stays ready meanwhile', async () => {
    const running = server.client.execute(sleeper(1.5));
    await taken(0);
    const waiting = server.client.execute(sleeper(0));
    await taken(1);
    const third = await server.client.execute(sleeper(0));
    expect(third).toMatchObject({ status: 503, body: { code: 'SANDBOX_BUSY' } });
    expect(third.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(third.body.error).toMatch(/1 scripts? .*running.*1 .*waiting/);
    expect(third.body.execution).toBeUndefined();
    expect((await server.client.get(API_PATHS.ready)).status).toBe(200);
    expect(await running).toMatchObject({ status: 200, body: { result: 1.5 } });
    const waited = await waiting;
    expect(waited).toMatchObject({ status: 200, body: { result: 0 } });
    expect(waited.body.execution.timings.queueMs).toBeGreaterThan(300);
  });

  it('answers SANDBOX_BUSY with Retry-After to one who waited for QUEUE_TIMEOUT', async () => {
    const running = server.client.execute(sleeper(5));
    await taken(0);
    const began = Date.now();
    const waited = await server.client.execute(sleeper(0));
    expect(waited).toMatchObject({ status: 503, body: { code: 'SANDBOX_BUSY' } });
    expect(waited.body.error).toMatch(/3 seconds/);
    expect(waited.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(Date.now() - began).toBeGreaterThan(2_900);
    expect(Date.now() - began).toBeLessThan(server.patienceMs(4_500));
    expect((await running).status).toBe(200);
  });

  it('probes readiness through a place of its own, also when the last probe is old', async () => {
    const running = server.client.execute(sleeper(4));
    // Longer than a probe's finding is reused.
    await delay(3300);
    expect((await server.client.get(API_PATHS.ready)).status).toBe(200);
    expect((await running).status).toBe(200);
  });

  it('refuses by size at once, however busy it is, and judges by the policy only what has a place', async () => {
    const running = server.client.execute(sleeper(1.5));
    await taken(0);
    const waiting = server.client.execute(sleeper(0));
    await taken(1);
    const tooLarge = await server.client.execute('#'.repeat(10_001));
    expect(tooLarge).toMatchObject({ status: 400, body: { code: 'SCRIPT_TOO_LARGE' } });
    const violation = 'import os\ndef main(): return 1';
    const refused = await server.client.execute(violation);
    expect(refused).toMatchObject({ status: 503, body: { code: 'SANDBOX_BUSY' } });
    expect((await running).status).toBe(200);
    expect((await waiting).status).toBe(200);
    const judged = await server.client.execute(violation);
    expect(judged).toMatchObject({ status: 400, body: { code: 'POLICY_VIOLATION' } });
  });

  it('refuses many as it refuses one: with the same headers, an id each, and a line in the log for all', async () => {
    const told = (): number =>
      server.logRecords
        .filter(({ msg, outcome }) => msg === 'executions refused early' && outcome === 'SANDBOX_BUSY')
        .reduce((sum, { count }) => sum + Number(count), 0);
    // What the tests before this one have brought about is told within a second.
    await delay(1_200);
    const toldBefore = told();
    const running = server.client.execute(sleeper(1.5));
    await taken(0);
    const waiting = server.client.execute(sleeper(0));
    await taken(1);
    const own = (headers: IncomingHttpHeaders): object => {
      const {
        date,
        'x-request-id': id,
        'retry-after': retryAfter,
        'content-length': length,
        ...same
      } = headers;
      expect([date, id, retryAfter, length].every((value) => value !== undefined)).toBe(true);
      return same;
    };
    const refusals = [];
    for (const id of ['first', 'second', 'third']) {
      const refusal = await server.client.postRaw(JSON.stringify({ script: sleeper(0) }), {
        'Content-Type': 'application/json',
        'X-Request-Id': id,
      });
      expect(refusal).toMatchObject({
        status: 503,
        headers: { 'x-request-id': id, 'retry-after': expect.stringMatching(/^[1-9]\d*$/) },
        body: {
          code: 'SANDBOX_BUSY',
          requestId: id,
          error: expect.stringMatching(/1 script is running and 1 waiting/),
        },
      });
      refusals.push(own(refusal.headers));
    }
    expect(refusals[1]).toEqual(refusals[0]);
    expect(refusals[2]).toEqual(refusals[0]);
    const unnamed = await server.client.execute(sleeper(0));
    expect(unnamed.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    // One that may be too large is told so all the same.
    expect((await server.client.execute('#'.repeat(10_001))).body.code).toBe('SCRIPT_TOO_LARGE');
    expect((await running).status).toBe(200);
    expect((await waiting).status).toBe(200);
    if (build === 'cloud') {
      // The very first of a server takes the ordinary way, whose headers the others have.
      const counts = [3, 4].map((count) => toldBefore + count);
      await eventually(told, (count) => counts.includes(count), server.patienceMs(3_000));
    }
  });

  it('gives the place to the next at once after a script that failed', async () => {
    expect((await server.client.execute('def main():\n    raise ValueError')).status).toBe(422);
    expect((await server.client.execute(sleeper(0))).status).toBe(200);
  });
});
