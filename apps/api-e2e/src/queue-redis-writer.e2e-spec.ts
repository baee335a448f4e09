import { setTimeout as delay } from 'node:timers/promises';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import type { HttpAnswer, HttpClient } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import {
  acceptedJob,
  cancelJob,
  endOf,
  HELLO,
  jobOf,
  pathOf,
  sleeper,
  startJob,
} from './harness/jobs-client';
import { executeWith, keyHeader, KeysFile } from './harness/keys-file';
import { KEEPING, RedisServer } from './harness/redis-server';
import { BROKEN, INJECTED, LINE, MIB, record, SHARED } from './queue/redis-plants';

const HEALING_MS = 30_000;

describeCloud('Whoever can write to Redis', () => {
  const file = new KeysFile();
  const owner = keyHeader(file.add('owner'));
  const other = keyHeader(file.add('other'));
  let redis: RedisServer;
  let server: ApiServer;
  let client: HttpClient;

  beforeAll(async () => {
    redis = await RedisServer.start(KEEPING);
    const environment = { BUILD: 'cloud', REDIS_URL: redis.url, API_KEYS_FILE: file.path };
    server = await ApiServer.start({ ...environment, MAX_CONCURRENCY: '3', EXECUTION_TTL: '600' });
    ({ client } = server);
  });

  afterAll(async () => {
    await server.stop();
    await redis.stop();
    file.dispose();
  });

  async function ended(script = HELLO): Promise<string> {
    const id = await acceptedJob(client, script, owner);
    expect(await endOf(client, id, owner)).toMatchObject({ status: 'succeeded' });
    return id;
  }

  /** The service runs scripts, synchronous ones at once, and others soon. */
  async function expectService(): Promise<void> {
    expect(await executeWith(client, owner)).toMatchObject({ status: 200, body: { result: 'hello' } });
    const { body } = await eventually(
      () => startJob(client, HELLO, other),
      ({ status }) => status === 202,
      server.patienceMs(HEALING_MS),
    );
    expect(await endOf(client, body.id, other)).toMatchObject({ outcome: { result: 'hello' } });
    expect(server.process.hasExited).toBe(false);
    expect(server.log).not.toMatch(/\bINTERNAL\b|[uU]nhandledPromise|unhandledRejection|uncaughtException/);
  }

  /** A stream that does not end is left after a while. */
  async function eventsOf(id: string): Promise<HttpAnswer | null> {
    const signal = AbortSignal.timeout(server.patienceMs(4_000));
    const request = { path: `${pathOf(id)}/events`, headers: owner, signal };
    return client.send(request).catch(() => null);
  }

  it.each(Object.entries(BROKEN))('gets no further with %s', async (_name, plant) => {
    const id = await ended('print("printed")\ndef main():\n    return [1, 2, 3]');
    plant(redis, id);
    const told = await jobOf(client, id, owner);
    const answers = [told, await eventsOf(id), await cancelJob(client, id, owner)];
    for (const answer of answers.filter((one) => one !== null)) {
      expect([200, 404, 503]).toContain(answer.status);
      expect(answer.headers['x-injected']).toBeUndefined();
      expect(answer.text.split(/\r\n|\n|\r/)).not.toContain(INJECTED);
      expect(answer.text.length).toBeLessThan(32 * MIB);
    }
    const { status, body } = told;
    // Whatever it says, it is JSON of the contract's form.
    expect(typeof (status === 200 ? body.id : body.code)).toBe('string');
    expect(body).not.toHaveProperty('injected');
    await expectService();
  });

  it.each(Object.entries(SHARED))('has nobody end with %s', async (_name, { plant, keys }) => {
    const running = await acceptedJob(client, sleeper(1), owner);
    plant(redis);
    await delay(1_500);
    expect(await executeWith(client, owner)).toMatchObject({ status: 200 });
    for (const answer of [await startJob(client, HELLO, owner), await jobOf(client, running, owner)]) {
      expect([200, 202, 404, 503]).toContain(answer.status);
    }
    if (keys.length > 0) {
      redis.command('DEL', ...keys);
    }
    await expectService();
  });

  it('has no execution run twice that stands in the line again', async () => {
    const id = await ended();
    redis.command(
      'HSET',
      `${LINE}:${id}`,
      'name',
      'x',
      'data',
      '{}',
      'opts',
      '{"priority":1}',
      'timestamp',
      '1',
      'priority',
      '1',
    );
    redis.command('ZADD', `${LINE}:prioritized`, '1', id);
    redis.command('ZADD', 'pycell:jobs:waiting', '0', id);
    await expectService();
    await delay(1_000);
    const handOvers = server.logRecords.filter(
      ({ msg, execution }) => msg === 'hand-over' && (execution as { id?: string }).id === id,
    );
    expect(handOvers.length).toBe(1);
    expect((await jobOf(client, id, owner)).body).toMatchObject({ outcome: { result: 'hello' } });
  });

  describe('with an execution of its own making', () => {
    /** Takes an execution that waits behind others, and changes it there. */
    async function changed(change: (id: string) => void, script = HELLO): Promise<HttpAnswer> {
      const before = await Promise.all([1, 2, 3, 4].map(() => acceptedJob(client, sleeper(8), owner)));
      const id = await acceptedJob(client, script, owner);
      change(id);
      await Promise.all(before.map((one) => cancelJob(client, one, owner)));
      await Promise.all(before.map((one) => endOf(client, one, owner)));
      return eventually(
        () => jobOf(client, id, owner),
        ({ status, body }) => status !== 200 || !['queued', 'running'].includes(body.status),
        server.patienceMs(HEALING_MS),
      );
    }

    const bodyOf = (id: string, text: string): string => redis.command('SET', `${record(id)}:body`, text);

    it.each([
      [
        'a script that the policy refuses',
        JSON.stringify({ script: 'import os\ndef main(): pass' }),
        'POLICY_VIOLATION',
      ],
      [
        'a script that is too long',
        JSON.stringify({ script: `#${'x'.repeat(20_000)}\n${HELLO}` }),
        undefined,
      ],
      [
        'limits that nobody has',
        JSON.stringify({ script: HELLO, limits: { timeoutMs: 10_000_000 } }),
        undefined,
      ],
      ['what is no JSON', '{"script": ', undefined],
      ['a member that nobody has', JSON.stringify({ script: HELLO, isAdmin: true }), undefined],
      ['nothing', '', undefined],
    ])('is judged as a request: %s', async (_name, text, code) => {
      const { status, body } = await changed((id) => bodyOf(id, text));
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'failed', ...(code && { outcome: { code } }) });
      await expectService();
    });

    it('of an owner whom nobody knows runs nothing', async () => {
      const ids: string[] = [];
      await changed((id) => {
        ids.push(id);
        redis.command('HSET', record(id), 'owner', 'key:nobody', 'key', 'nobody');
      });
      const [id = ''] = ids;
      expect((await jobOf(client, id, owner)).status).toBe(404);
      const handOvers = server.logRecords.filter(
        ({ msg, execution }) => msg === 'hand-over' && (execution as { id?: string }).id === id,
      );
      expect(handOvers).toEqual([]);
      await expectService();
    });

    it('of 64 MiB is not read', async () => {
      const { status } = await changed((id) =>
        redis.command(
          'EVAL',
          "return redis.call('SET', KEYS[1], string.rep('x', 67108864))",
          '1',
          `${record(id)}:body`,
        ),
      );
      expect([200, 404, 503]).toContain(status);
      await expectService();
    });
  });
});
