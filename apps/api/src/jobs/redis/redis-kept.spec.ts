import { Logger } from '@nestjs/common';
import type { JobOutcome } from '../job';
import { acceptArguments } from './acceptance';
import type { RedisJobStore } from './redis-job-store';
import { RedisProcess } from './redis-process.contract';
import { StoresOnRedis } from './stores.contract';
import { acceptedId, begun, jobOf, OUTCOME, pause, until } from './tried-jobs.contract';

jest.setTimeout(120_000);

const MB = 1_000_000;
const resultOf = (bytes: number): JobOutcome => ({ ...OUTCOME, result: Buffer.alloc(bytes, 49) });

describe('RedisJobStore, of what it keeps and hears twice,', () => {
  let server: RedisProcess;
  let stores: StoresOnRedis;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    server = await RedisProcess.start();
    stores = new StoresOnRedis(server.port);
  });

  afterEach(async () => {
    await stores.close();
    await server.stop();
  });

  async function ran(store: RedisJobStore, owner: string, outcome: JobOutcome): Promise<string> {
    const id = await acceptedId(store, jobOf(owner));
    expect(await (await begun(store)).end(outcome)).toBe(true);
    return id;
  }

  it('counts no more what Redis itself has forgotten', async () => {
    const store = await stores.open({ maxKeptBytes: 10 * MB, ttlSeconds: 3 });
    for (let index = 0; index < 9; index++) {
      const id = await ran(store, 'a', resultOf(MB));
      // As after its expiry while no process of ours swept.
      server.command('DEL', `pycell:job:${id}`, `pycell:job:${id}:outcome`, `pycell:job:${id}:events`);
    }
    // One that is kept meanwhile: the others are taken off by themselves, too.
    const other = await stores.open({ maxKeptBytes: 10 * MB, ttlSeconds: 60 });
    const kept = await ran(other, 'b', resultOf(10));
    await until(async () => (await store.counts()).keptBytes < 10_000, 15_000);
    expect(server.command('HLEN', 'pycell:jobs:sizes')).toBe('1');
    expect(server.command('ZCARD', 'pycell:jobs:kept')).toBe('1');
    server.command('ZADD', 'pycell:jobs:expiry', '1', kept);
    await until(async () => (await store.counts()).keptBytes === 0, 15_000);
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      ids.push(await ran(other, 'a', resultOf(MB)));
    }
    await pause(5_000);
    const found = await Promise.all(ids.map((id) => other.outcomeOf(id)));
    expect(found.map((outcome) => outcome?.result?.length)).toEqual(ids.map(() => MB));
  });

  it('counts nothing where nothing is kept, whatever was counted', async () => {
    const store = await stores.open();
    server.command('HSET', 'pycell:jobs:totals', 'kept', '99000000');
    server.command('ZADD', 'pycell:jobs:kept', '99000000', 'f'.repeat(64));
    await until(async () => (await store.counts()).keptBytes === 0);
    expect(server.command('EXISTS', 'pycell:jobs:kept')).toBe('0');
  });

  it('keeps no more than its bound, though many small ones of one owner are in the way', async () => {
    const bound = 10 * MB;
    const store = await stores.open({ maxKeptBytes: bound });
    await ran(store, 'tiny', OUTCOME);
    // 7,000 more of the same owner, as END leaves them: written at once, or this takes minutes.
    server.command(
      'EVAL',
      `local home = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
       for index = 1, 7000 do
         local id = string.format('%032x', index)
         redis.call('ZADD', 'pycell:jobs:owner:' .. home .. ':ended', index, id)
         redis.call('ZADD', 'pycell:jobs:expiry', ARGV[1], id)
         redis.call('HSET', 'pycell:jobs:sizes', id, '1420:' .. home)
       end
       redis.call('ZINCRBY', KEYS[1], 7000 * 1420, home)
       redis.call('HINCRBY', 'pycell:jobs:totals', 'kept', 7000 * 1420)`,
      '1',
      'pycell:jobs:kept',
      String(Date.now() + 60_000),
    );
    expect((await store.counts()).keptBytes).toBeGreaterThan(bound * 0.99);
    const seen: number[] = [];
    for (let index = 0; index < 12; index++) {
      const id = await ran(store, `owner ${index}`, resultOf(5 * MB));
      expect(await store.outcomeOf(id)).not.toBeNull();
      seen.push((await store.counts()).keptBytes);
    }
    // One may be larger than what a single step makes room for; it does not grow with each.
    expect(Math.max(...seen)).toBeLessThan(bound + 2 * 5.1 * MB);
    await until(async () => (await store.counts()).keptBytes <= bound);
    await pause(2_500);
    expect((await store.counts()).keptBytes).toBeGreaterThan(5 * MB);
  });

  it('forgets in one sweep what is too much, however many there are, and not what has ended last', async () => {
    const wide = await stores.open({ maxKeptBytes: 64 * MB });
    for (let index = 0; index < 3; index++) {
      await ran(wide, `owner ${index}`, resultOf(5 * MB));
    }
    const last = await ran(wide, 'owner 3', resultOf(5 * MB));
    // Of another process, which may keep less than one of them.
    await stores.open({ maxKeptBytes: MB });
    await until(async () => (await wide.counts()).keptBytes < 6 * MB);
    await pause(2_500);
    expect((await wide.outcomeOf(last))?.result).toHaveLength(5 * MB);
  });

  it('says again what it has let into the line when it is asked again after a lost answer', async () => {
    const store = await stores.open();
    const bounds = { maxWaiting: 10, maxWaitingBytes: MB };
    const ask = (id: string, maxPlaces: number | null) =>
      store.scripts.run('accept', ...acceptArguments(id, jobOf('a', { maxPlaces }), bounds));
    const [first, held] = ['a'.repeat(32), 'b'.repeat(32)];
    expect(await ask(first, 1)).toEqual(['accepted', expect.anything(), [first, '1']]);
    expect(await ask(first, 1)).toEqual(['accepted', expect.anything(), [first, '1']]);
    expect(await ask(held, 1)).toEqual(['accepted', expect.anything(), []]);
    expect(await ask(held, 1)).toEqual(['accepted', expect.anything(), []]);
  });

  it('calls every watcher of one execution once the subscription of the first has come', async () => {
    const store = await stores.open();
    const id = await acceptedId(store);
    const calls = [0, 0];
    const stops = calls.map((_, index) => store.watch(id, () => (calls[index] = (calls[index] ?? 0) + 1)));
    await until(() => Promise.resolve(calls.every((count) => count > 0)), 2_000);
    stops.forEach((stop) => stop());
  });
});
