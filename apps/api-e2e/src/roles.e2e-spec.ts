import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS, type AsynchronousExecution } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { HELLO, acceptedJob, endOf } from './harness/jobs-client';
import { KeysFile, keyHeader } from './harness/keys-file';
import { KEEPING, RedisServer } from './harness/redis-server';

/** Prints at once, so that it is seen to run, and ends by itself. */
const SLEEPER = 'import time\ndef main():\n    print(1, flush=True)\n    time.sleep(1.5)\n    return 7\n';
const SECRET = Buffer.alloc(32, 7).toString('base64');

let redis: RedisServer;
let servers: ApiServer[];

async function start(role: string, environment: Record<string, string> = {}): Promise<ApiServer> {
  const server = await ApiServer.listen({
    BUILD: 'cloud',
    ROLE: role,
    REDIS_URL: redis.url,
    MAX_CONCURRENCY: '2',
    ...environment,
  });
  servers.push(server);
  await eventually(
    () => server.client.get(API_PATHS.ready),
    ({ status }) => status === 200,
    60_000,
  );
  return server;
}

async function accept(api: ApiServer): Promise<string> {
  const { status, body } = await api.client.send<AsynchronousExecution>({
    method: 'POST',
    path: API_PATHS.executions,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ script: SLEEPER }),
  });
  expect(status).toBe(202);
  return body.id;
}

async function found(api: ApiServer, id: string): Promise<AsynchronousExecution> {
  return (await api.client.get(`${API_PATHS.executions}/${id}`)).body as AsynchronousExecution;
}

const handOvers = (): readonly string[] =>
  servers.flatMap(({ logRecords }) =>
    logRecords
      .filter(({ msg }) => msg === 'hand-over')
      .map((line) => (line as unknown as { execution: { id: string } }).execution.id),
  );

const READY = { status: 200 };

describeCloud('Roles', () => {
  jest.setTimeout(120_000);

  beforeEach(async () => {
    servers = [];
    redis = await RedisServer.start(KEEPING);
  });

  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await redis.stop();
  });

  it('has each execution of a rolling restart end with its own answer, handed over once', async () => {
    const api = await start('api');
    const first = await start('worker');
    const ids = [await accept(api), await accept(api), await accept(api), await accept(api)];
    await eventually(handOvers, (lines) => lines.length >= 2);
    const stopped = first.stop();
    await start('worker');
    await stopped;
    for (const id of ids) {
      const record = await eventually(
        () => found(api, id),
        ({ endedAt }) => endedAt !== undefined,
        30_000,
      );
      expect(record).toMatchObject({ status: 'succeeded', httpStatus: 200, outcome: { result: 7 } });
    }
    expect([...handOvers()].sort()).toEqual([...ids].sort());
  });

  it('runs what a key has started where the worker has the file of keys, and says clearly that it has not', async () => {
    const keys = new KeysFile();
    try {
      const headers = keyHeader(keys.add('shop'));
      const withKeys = { API_KEYS_FILE: keys.path };
      const api = await start('api', withKeys);
      const knowing = await start('worker', withKeys);
      const known = await endOf(api.client, await acceptedJob(api.client, HELLO, headers), headers);
      expect(known).toMatchObject({ status: 'succeeded', httpStatus: 200, outcome: { result: 'hello' } });
      await knowing.stop();
      const run = handOvers().length;

      await start('worker');
      const refused = await endOf(api.client, await acceptedJob(api.client, HELLO, headers), headers);
      expect(refused).toMatchObject({
        status: 'failed',
        httpStatus: 403,
        outcome: {
          code: 'FORBIDDEN',
          error: expect.stringContaining('"shop" is not known to what runs scripts') as string,
        },
      });
      expect([run, handOvers().length]).toEqual([1, 1]);
    } finally {
      keys.dispose();
    }
  });

  it('has a worker answer to its health only, and what sends callbacks too', async () => {
    const worker = await start('worker');
    const sender = await start('callbacks', { CALLBACK_HOSTS: 'hooks.example.org', CALLBACK_SECRET: SECRET });
    for (const { client } of [worker, sender]) {
      for (const path of [
        API_PATHS.metadata,
        API_PATHS.docs,
        API_PATHS.modules,
        `${API_PATHS.executions}/x`,
      ]) {
        expect(await client.get(path)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
      }
      expect(await client.execute('def main(): return 1')).toMatchObject({ status: 404 });
      expect(await client.get(API_PATHS.live)).toMatchObject(READY);
    }
    expect((await sender.client.get(API_PATHS.health)).body).toMatchObject({
      details: { queue: { status: 'up' } },
    });
    expect(JSON.stringify((await sender.client.get(API_PATHS.health)).body)).not.toContain('sandbox');
  });

  it('is ready without Redis where scripts are run for who calls, and nowhere else', async () => {
    const api = await start('api');
    const worker = await start('worker');
    await redis.stop();
    await eventually(
      () => worker.client.get(API_PATHS.ready),
      ({ status }) => status === 503,
    );
    expect((await worker.client.get(API_PATHS.ready)).body).toMatchObject({
      error: { queue: { status: 'down' } },
    });
    expect(await worker.client.get(API_PATHS.live)).toMatchObject(READY);
    await delay(100);
    expect(await api.client.get(API_PATHS.ready)).toMatchObject(READY);
    expect((await api.client.get(API_PATHS.health)).body).toMatchObject({
      status: 'ok',
      details: { queue: { message: expect.stringContaining('Does not answer') as string } },
    });
    expect(await api.client.execute('def main(): return 1')).toMatchObject({ status: 200 });
  });
});
