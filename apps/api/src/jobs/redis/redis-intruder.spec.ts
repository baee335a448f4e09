import { Logger } from '@nestjs/common';
import { JobStoreUnavailable } from '../job-store';
import { RedisProcess } from './redis-process.contract';
import { StoresOnRedis } from './stores.contract';
import { acceptedId, begun, jobOf, OUTCOME, taken, until } from './tried-jobs.contract';

jest.setTimeout(120_000);

/** For what a sweep does, in a few seconds where the machine has nothing else to do. */
const PATIENCE_MS = 30_000;

describe('RedisJobStore, where somebody else writes to Redis,', () => {
  let server: RedisProcess;
  let stores: StoresOnRedis;

  async function launch(): Promise<void> {
    server = await RedisProcess.start();
    stores = new StoresOnRedis(server.port);
  }

  beforeEach(() => {
    Logger.overrideLogger(false);
  });

  afterEach(async () => {
    await stores.close();
    await server.stop();
  });

  it('takes what is none of ours out of the line, and goes on with what is', async () => {
    await launch();
    const store = await stores.open();
    const line = 'pycell:bull:pycell-executions';
    const hostile: readonly (readonly [string, readonly string[]])[] = [
      ['not an id', ['name', 'x', 'data', '{}', 'opts', '{}']],
      [
        '0'.repeat(32),
        [
          'name',
          'x',
          'data',
          '{}',
          'opts',
          '{}',
          'parentKey',
          'a:b:c',
          'parent',
          '{"id":"c","queueKey":"a:b"}',
        ],
      ],
      ['1'.repeat(32), ['name', 'x', 'data', '{', 'opts', '{}']],
      ['2'.repeat(32), ['name', 'x', 'data', '{}', 'opts', '[']],
      ['3'.repeat(32), ['name', 'x', 'data', '{}', 'opts', '{"repeat":null}', 'rjk', 'again']],
      [
        '4'.repeat(32),
        [
          'name',
          'x',
          'data',
          'null',
          'opts',
          '{"removeOnComplete":false}',
          'returnvalue',
          '{',
          'stacktrace',
          '{',
        ],
      ],
    ];
    for (const [id, fields] of hostile) {
      server.command('HSET', `${line}:${id}`, ...fields);
      server.command('ZADD', `${line}:prioritized`, '1', id);
    }
    // Without a hash of its own.
    server.command('ZADD', `${line}:prioritized`, '1', '5'.repeat(32));
    server.command('RPUSH', `${line}:wait`, '6'.repeat(32));
    const id = await acceptedId(store);
    const job = await taken(store);
    expect(job.id).toBe(id);
    expect(await job.begin()).toBe(true);
    expect(await job.end(OUTCOME)).toBe(true);
    expect(await store.take()).toBeNull();
    expect(server.command('LLEN', `${line}:active`)).toBe('0');
    expect(server.command('KEYS', `${line}:????????????????????????????????`)).toBe('');
  });

  it('gives out no outcome that somebody has written', async () => {
    await launch();
    const store = await stores.open();
    const id = await acceptedId(store);
    await (await begun(store)).end(OUTCOME);
    const key = `pycell:job:${id}:outcome`;
    for (const [field, value] of [
      ['result', '1,"execution":{}'],
      ['result', '"a\u0001"'],
      ['result', '1\n2'],
      ['facts', '[]'],
      ['facts', '{}}'],
      ['facts', '{"a":1} '],
      ['facts', '{}'],
      ['facts', '{ }'],
      ['output', '{ }'],
      ['output', '{"stdout":""} '],
      ['output', '{"stdout":'],
      ['artifacts', '2'],
      ['artifacts', '1e9'],
      ['result', 'x'.repeat(17 * 1024 * 1024)],
    ] as const) {
      const before = server.command('HGET', key, field);
      await store.link.client.hset(key, field, value);
      expect(await store.outcomeOf(id)).toMatchObject({ httpStatus: 503, result: null });
      await store.link.client.hset(key, field, before);
    }
    expect(await store.outcomeOf(id)).toEqual(OUTCOME);
    for (const [field, value] of [
      ['status', 'great'],
      ['created', '-1'],
      ['created', '9999999999999999'],
      ['http', '"200"'],
      ['http', '99'],
      ['ended', ''],
      ['owner', 'x'.repeat(1_000)],
    ] as const) {
      const recordKey = `pycell:job:${id}`;
      const before = server.command('HGET', recordKey, field);
      await store.link.client.hset(recordKey, field, value);
      const found = await store.find(id).catch((error: unknown) => error);
      expect(found === null || found instanceof JobStoreUnavailable).toBe(true);
      await store.link.client.hset(recordKey, field, before);
    }
    expect(await store.find(id)).toMatchObject({ status: 'succeeded' });
  });

  it('goes on with what is ours beside ids that are not, wherever ids are kept', async () => {
    await launch();
    const store = await stores.open({ ttlSeconds: 5 });
    const { client } = store.link;
    const callback = { callbackUrl: 'https://example.org/' };
    const told = await acceptedId(store, jobOf('a', callback));
    await (await begun(store)).end(OUTCOME);
    const record = ['status', 'queued', 'created', '1', 'home', '0'.repeat(64), 'callback', 'https://x/'];
    await client.hset('pycell:job:x', ...record);
    for (const key of ['waiting', 'running', 'expiry', 'callbacks']) {
      await client.zadd(`pycell:jobs:${key}`, 1, 'x');
    }
    // No time, and an address that is longer than any.
    await client.zadd('pycell:jobs:callbacks', '-inf', '1'.repeat(32));
    await client.zadd('pycell:jobs:callbacks', 3, '2'.repeat(32));
    await client.hset(`pycell:job:${'1'.repeat(32)}`, ...record);
    await client.hset(`pycell:job:${'2'.repeat(32)}`, ...record, 'callback', 'x'.repeat(5_000));
    expect((await store.pending(1, null)).map(({ id }) => id)).toEqual([told]);
    expect(await client.zrange('pycell:jobs:callbacks', '0', '-1')).toEqual([told]);
    const share = jobOf('b', { maxPlaces: 1 });
    await acceptedId(store, share);
    const [ownerKey = ''] = await client.keys('pycell:jobs:owner:*:open');
    await client.lpush(ownerKey.replace(/:open$/, ':held'), 'x');
    // Its answer has what is let into the line.
    await (await begun(store)).end(OUTCOME);
    const last = await acceptedId(store, share);
    await store.line.remove(last);
    // Put back by a sweep, in which the strange one comes first.
    await client.zadd('pycell:jobs:waiting', '1', 'x', '2', last);
    expect((await until(() => store.take(), PATIENCE_MS)).id).toBe(last);
    expect(await client.zscore('pycell:jobs:waiting', 'x')).toBeNull();
    await until(async () => (await client.zscore('pycell:jobs:expiry', 'x')) === null, PATIENCE_MS);
    await until(async () => (await client.zscore('pycell:jobs:running', 'x')) === null, PATIENCE_MS);
  });

  it('hands over what has a body or names of somebody as a request that nobody can read, once', async () => {
    await launch();
    const store = await stores.open();
    const { client } = store.link;
    const id = await acceptedId(store);
    await client.del(`pycell:job:${id}:body`);
    await client.rpush(`pycell:job:${id}:body`, 'x');
    const job = await taken(store);
    expect(job).toMatchObject({ id, body: Buffer.alloc(0) });
    expect(await job.end({ ...OUTCOME, httpStatus: 400, result: null })).toBe(true);
    const other = await acceptedId(store, jobOf('b', { key: 'shop' }));
    await client.hset(`pycell:job:${other}`, 'key', 'x'.repeat(300));
    const next = await taken(store);
    expect(next).toMatchObject({ id: other, key: null, body: Buffer.alloc(0) });
    expect(await next.end({ ...OUTCOME, httpStatus: 400, result: null })).toBe(true);
    expect(await store.take()).toBeNull();
  });

  it.each(['string', 'list', 'hash', 'zset', 'set'])(
    'lives through a %s in place of any of its keys, and works again by itself',
    async (type) => {
      await launch();
      const store = await stores.open();
      const job = jobOf('a', { idempotencyKey: 'k', maxPlaces: 1, callbackUrl: 'https://example.org/' });
      const write: Readonly<Record<string, readonly string[]>> = {
        string: ['SET', '', 'x'],
        list: ['RPUSH', '', 'x', '\u0000'],
        hash: ['HSET', '', 'epoch', 'NaN', 'bytes', '-inf', 'kept', '1e308', 'id', 'x', 'status', 'queued'],
        zset: ['ZADD', '', '-inf', 'x', '+inf', '0'.repeat(32)],
        set: ['SADD', '', 'x'],
      };
      const [command = '', , ...values] = write[type] ?? [];
      const ended = await acceptedId(store, job);
      await (await begun(store)).end(OUTCOME);
      await acceptedId(store, jobOf('a', { maxPlaces: 1 }));
      await acceptedId(store, jobOf('a', { maxPlaces: 1 }));
      await begun(store);
      const keys = server
        .command('KEYS', 'pycell:*')
        .split('\n')
        .filter((key) => !key.includes(':bull:'));
      expect(keys.length).toBeGreaterThan(12);
      for (const key of keys) {
        await store.link.client.del(key);
        await store.link.client.call(command, key, ...values);
      }
      const asks: readonly (() => Promise<unknown>)[] = [
        () => store.find(ended),
        () => store.outcomeOf(ended),
        () => store.eventsAfter(ended, 0, 2 ** 20),
        () => store.accept(job),
        () => store.cancel(ended),
        () => store.counts(),
        () => store.take(),
        () => store.pending(10, null),
        () => store.findPending(ended),
        () => store.settled(ended),
      ];
      for (const ask of asks) {
        const failure = await ask().then(
          () => null,
          (error: unknown) => error,
        );
        expect(failure === null || failure instanceof JobStoreUnavailable).toBe(true);
      }
      // Of another owner: whose own keys somebody has written, waits for its sweep.
      const id = await until(() => acceptedId(store, jobOf('b')).catch(() => null), PATIENCE_MS);
      const next = await until(async () => {
        const other = await store.take().catch(() => null);
        return other?.id === id ? other : null;
      }, PATIENCE_MS);
      expect(await next.begin()).toBe(true);
      expect(await next.end(OUTCOME)).toBe(true);
      expect(await store.outcomeOf(id)).toEqual(OUTCOME);
      // Redis may have been late with an answer just now.
      await until(() => Promise.resolve(store.isThere), PATIENCE_MS);
    },
  );
});
