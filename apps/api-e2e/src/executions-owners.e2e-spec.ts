import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { Background } from './harness/background';
import { eventually } from './harness/eventually';
import { parseServerSentEvents } from './harness/event-parsers';
import { HttpClient } from './harness/http-client';
import { describeEachBuild } from './harness/jail-support';
import { keyHeader, KeysFile } from './harness/keys-file';

const SLEEPER = 'import time\ndef main():\n    time.sleep(8)';
const QUICK = 'def main(): return 1';

describeEachBuild('Asynchronous executions of several owners', (build) => {
  const keys = new KeysFile();
  const [mine, theirs] = [keys.add('mine'), keys.add('theirs')];
  let server: ApiServer;
  let me: Background;
  let them: Background;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: build, API_KEYS_FILE: keys.path });
    me = new Background(server.client, keyHeader(mine));
    them = new Background(server.client, keyHeader(theirs));
  });

  afterAll(async () => {
    await server.stop();
    keys.dispose();
  });

  it('are there for their owner only, in every way of asking', async () => {
    const id = await me.start(QUICK);
    await me.ended(id);
    const unknown = await them.ask('0'.repeat(32));
    const withoutId = (body: object): object => ({ ...body, requestId: '' });
    const paths = [id, id.toUpperCase(), `${id}/`, `${id}/events`, `${id}/events/`];
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      for (const path of paths.filter((one) => method !== 'DELETE' || !one.includes('events'))) {
        const { status, body } = await them.ask(path, method);
        expect([method, path, status]).toEqual([method, path, 404]);
        if (method !== 'HEAD') {
          expect(withoutId(body)).toEqual(withoutId(unknown.body));
        }
      }
    }
    const upper = await server.client.send({
      path: `/EXECUTIONS/${id}`,
      headers: keyHeader(theirs),
    });
    expect(upper.status).toBe(404);
    expect((await them.events(id, { 'Last-Event-ID': '2' })).status).toBe(404);
    expect((await me.ask(id)).body).toMatchObject({ status: 'succeeded', outcome: { result: 1 } });
  });

  it('cannot be cancelled by another', async () => {
    const id = await me.start('import time\ndef main():\n    time.sleep(0.5)\n    return 1');
    expect((await them.cancel(id)).status).toBe(404);
    expect((await me.ended(id)).body.status).toBe('succeeded');
  });

  it('have idempotency keys of their own', async () => {
    const headers = { 'Idempotency-Key': 'shared' };
    const [one, other] = [
      await me.post({ script: QUICK }, headers),
      await them.post({ script: SLEEPER }, headers),
    ];
    expect([one.status, other.status]).toEqual([202, 202]);
    expect(other.body.id).not.toBe(one.body.id);
    await them.cancel(other.body.id);
  });

  it('need a key', async () => {
    const id = await me.start(QUICK);
    const nobody = new Background(server.client);
    const answers = [await nobody.post({ script: QUICK }), await nobody.ask(id), await nobody.events(id)];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect((await nobody.cancel(id)).status).toBe(401);
  });
});

describeEachBuild('Asynchronous executions in a small service', (build) => {
  let server: ApiServer;
  let one: Background;
  let other: Background;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: build,
      MAX_CONCURRENCY: '1',
      MAX_QUEUED_EXECUTIONS: '4',
      EXECUTION_TTL: '1',
      SHUTDOWN_GRACE: '0.5',
    });
    one = new Background(server.client);
    other = new Background(new HttpClient(server.client.baseUrl, undefined, '127.0.0.2'));
  });

  afterAll(() => server.stop());

  it('are refused where as many wait as may, of one owner half of them', async () => {
    const running = await one.start(SLEEPER);
    await one.until(running, 'running');
    const waiting = [await one.start(QUICK), await one.start(QUICK)];
    const refused = await one.post({ script: QUICK });
    expect([refused.status, refused.body.code]).toEqual([503, 'SANDBOX_BUSY']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    const theirs = [await other.start(QUICK), await other.start(QUICK)];
    expect((await other.post({ script: QUICK })).body.code).toBe('SANDBOX_BUSY');
    // One that waits is cancelled, and there is room again; it never begins.
    const [first = ''] = waiting;
    const events = other.allEvents(first);
    expect((await one.cancel(first)).body).toMatchObject({ status: 'cancelled' });
    expect((await events).map(({ event, id }) => [event, id])).toEqual([
      ['cancelled', '1'],
      ['end', '2'],
    ]);
    expect((await one.ask(first)).body).not.toHaveProperty('startedAt');
    expect((await one.post({ script: QUICK })).status).toBe(202);
    await one.cancel(running);
    for (const id of theirs) {
      expect((await other.ended(id)).body.status).toBe('succeeded');
    }
  });

  it('are forgotten when their time is over', async () => {
    const id = await one.start(QUICK);
    const { body } = await one.ended(id);
    expect(Date.parse(body.expiresAt ?? '') - Date.parse(body.endedAt ?? '')).toBe(1_000);
    await delay(1_200);
    expect((await one.ask(id)).status).toBe(404);
    expect((await one.events(id)).status).toBe(404);
  });

  it('have their streams ended by a shutdown, those that run with their end', async () => {
    const running = await one.start(SLEEPER);
    await one.until(running, 'running');
    const waiting = await one.start(QUICK);
    const streams = await Promise.all([one.openEvents(running), one.openEvents(waiting)]);
    const texts = Promise.all(streams.map(({ read }) => read()));
    const stoppedAt = performance.now();
    await server.stop();
    const [ofRunning = '', ofWaiting = ''] = await texts;
    expect(performance.now() - stoppedAt).toBeLessThan(server.patienceMs(5_000));
    const { events } = parseServerSentEvents(ofRunning);
    expect(events.map(({ event }) => event)).toEqual(['start', 'error', 'end']);
    expect(events[1]?.data).toContain('SANDBOX_UNAVAILABLE');
    // It was lost: its reader asks again, and hears that it is not there.
    expect(parseServerSentEvents(ofWaiting).events).toEqual([]);
    await eventually(
      () =>
        server.client.get(API_PATHS.live).then(
          () => true,
          () => false,
        ),
      (answers) => !answers,
      5_000,
    );
  });
});
