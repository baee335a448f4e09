import { Logger } from '@nestjs/common';
import { JobStoreUnavailable } from '../job-store';
import { CuttingProxy } from './cutting-proxy.contract';
import type { RedisJobStore } from './redis-job-store';
import { KEEPING, RedisProcess } from './redis-process.contract';
import { StoresOnRedis } from './stores.contract';
import { acceptedId, begun, jobOf, OUTCOME, pause, taken, until } from './tried-jobs.contract';

jest.setTimeout(90_000);

/** Its process dies: nothing is said to anybody. */
function crash(store: RedisJobStore): void {
  store.link.client.disconnect();
  store.link.stop();
}

describe('RedisJobStore, where something fails,', () => {
  let server: RedisProcess;
  let stores: StoresOnRedis;
  const lines: string[] = [];

  async function launch(options: readonly string[] = []): Promise<void> {
    server = await RedisProcess.start(options);
    stores = new StoresOnRedis(server.port);
  }

  beforeEach(() => {
    lines.length = 0;
    const write = (message: unknown): number => lines.push(String(message));
    Logger.overrideLogger({ log: write, warn: write, error: write });
  });

  afterEach(async () => {
    await stores.close();
    await server.stop();
    Logger.overrideLogger(false);
  });

  it('does not go on to store an end when there is no time for that', async () => {
    await launch();
    const store = await stores.open();
    await acceptedId(store);
    const job = await begun(store);
    job.tell({ type: 'stdout', text: 'x' });
    await server.kill();
    const hurry = new AbortController();
    setTimeout(() => hurry.abort(), 1_000);
    const start = performance.now();
    await expect(job.end(OUTCOME, hurry.signal)).rejects.toThrow(JobStoreUnavailable);
    // It would go on for a minute.
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it('has 1,000 jobs begun once each by four takers of two processes', async () => {
    await launch();
    const all = await Promise.all([stores.open(), stores.open()]);
    const ids: string[] = [];
    for (let index = 0; index < 1_000; index += 50) {
      const batch = Array.from({ length: 50 }, (_, at) => {
        const store = at % 2 === 0 ? all[0] : all[1];
        return acceptedId(store, jobOf(`owner ${(index + at) % 7}`));
      });
      ids.push(...(await Promise.all(batch)));
    }
    const begins: string[] = [];
    const work = async (store: RedisJobStore): Promise<void> => {
      while (begins.length < ids.length) {
        const job = await store.take();
        if (job && (await job.begin())) {
          begins.push(job.id);
          expect(await job.end(OUTCOME)).toBe(true);
        }
      }
    };
    await Promise.all([...all, ...all].map(work));
    expect(begins.sort()).toEqual(ids.sort());
    expect(await all[0].counts()).toMatchObject({ waiting: 0, running: 0, waitingBytes: 0 });
    expect(server.command('KEYS', 'pycell:bull:pycell-executions:????????????????????????????????')).toBe('');
  });

  it('tells a worker that its job was cancelled through another process', async () => {
    await launch();
    const [api, worker] = await Promise.all([stores.open(), stores.open()]);
    const id = await acceptedId(api);
    const job = await begun(worker);
    await pause(100);
    await api.cancel(id);
    // With its next lease, two seconds after it began, it would find out by itself.
    await until(() => Promise.resolve(job.ended.aborted), 1_500);
    expect(await job.end(OUTCOME)).toBe(false);
  });

  it('ends what was begun and lost with its worker, and has what was taken only wait again', async () => {
    await launch();
    const other = await stores.open();
    const [first, second] = await Promise.all([stores.open(), stores.open()]);
    const lost = await acceptedId(other);
    await begun(first);
    const untouched = await acceptedId(other);
    await taken(second);
    const missing = await acceptedId(other);
    // Between the record and the line its process died.
    await other.line.remove(missing);
    crash(first);
    crash(second);
    const again = await taken(other, 12_000);
    expect(again.id).toBe(missing);
    await again.giveBack();
    const ids = new Set<string>();
    await until(async () => ids.add((await taken(other, 30_000)).id).size === 2, 60_000);
    expect([...ids].sort()).toEqual([missing, untouched].sort());
    const outcome = await until(() => other.outcomeOf(lost), 30_000);
    expect(outcome).toMatchObject({ httpStatus: 503 });
    expect(JSON.parse(outcome.facts)).toMatchObject({ code: 'SANDBOX_UNAVAILABLE', requestId: lost });
    expect(await other.find(lost)).toMatchObject({ status: 'failed' });
  });

  it('does once what it is asked to, though the answers are lost', async () => {
    await launch();
    const proxy = new CuttingProxy(server.port);
    const store = await stores.open({}, await proxy.listen());
    const witness = await stores.open();
    // Each is known by something that is in its command only.
    const asked = async <T>(mark: string, ask: () => Promise<T>): Promise<T> => {
      proxy.loseAnswerTo(mark);
      return ask();
    };
    const body = Buffer.from('{"script":"the marked one"}');
    await asked('the marked one', () => store.accept(jobOf('a', { body })).catch(() => null));
    expect((await witness.counts()).waiting).toBe(1);
    await until(() => Promise.resolve(store.isThere));
    await asked('moveToActive-is-not-in-it', () => Promise.resolve());
    const job = await taken(store, 30_000);
    expect(await asked(job.id, () => job.begin())).toBe(true);
    expect(await witness.find(job.id)).toMatchObject({ status: 'running' });
    await until(() => Promise.resolve(store.isThere));
    job.tell({ type: 'start' });
    await asked('told only once', () => {
      job.tell({ type: 'stdout', text: 'told only once' });
      return pause(300);
    });
    const outcome = { ...OUTCOME, facts: '{"mark":"of the end"}' };
    expect(await asked('of the end', () => job.end(outcome))).toBe(true);
    expect(await witness.outcomeOf(job.id)).toEqual(outcome);
    expect((await witness.eventsAfter(job.id, 0, 2 ** 20)).events).toEqual([
      { type: 'start' },
      { type: 'stdout', text: 'told only once' },
    ]);
    const next = await until(() => acceptedId(store).catch(() => null));
    expect(await asked(next, () => until(() => store.cancel(next).catch(() => null)))).toMatchObject({
      status: 'cancelled',
    });
    expect(proxy.cuts).toBe(5);
    proxy.close();
  });

  it('loses nothing when Redis is killed and keeps what it was told', async () => {
    await launch(KEEPING);
    const store = await stores.open();
    const ended = await acceptedId(store);
    await (await begun(store)).end(OUTCOME);
    const running = await acceptedId(store);
    const job = await begun(store);
    const waiting = await acceptedId(store);
    await server.kill();
    await until(() => Promise.resolve(!store.isThere));
    const before = performance.now();
    await expect(store.accept(jobOf('a'))).rejects.toBeInstanceOf(JobStoreUnavailable);
    await expect(store.find(ended)).rejects.toBeInstanceOf(JobStoreUnavailable);
    // Two that wait for an answer take longer.
    expect(performance.now() - before).toBeLessThan(3_000);
    const end = job.end(OUTCOME);
    await pause(1_000);
    await server.launch(KEEPING);
    expect(await end).toBe(true);
    // Others may have begun it in a Redis that has come back older, and have not said so yet.
    expect(await store.take()).toBeNull();
    expect(await store.outcomeOf(ended)).toEqual(OUTCOME);
    expect(await store.outcomeOf(running)).toEqual(OUTCOME);
    expect((await begun(store)).id).toBe(waiting);
    expect(lines.filter((line) => line.startsWith('Redis is gone'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('Redis is back'))).toHaveLength(1);
  });

  it('answers soon while Redis hangs, and ends nothing that ran meanwhile', async () => {
    await launch();
    const [store, other] = await Promise.all([stores.open(), stores.open()]);
    await acceptedId(store);
    const job = await begun(store);
    await pause(11_000);
    server.signal('SIGSTOP');
    const times: number[] = [];
    for (let index = 0; index < 3; index++) {
      const before = performance.now();
      await expect(store.accept(jobOf('a'))).rejects.toBeInstanceOf(JobStoreUnavailable);
      times.push(performance.now() - before);
    }
    // Who waits for an answer does so for 1.8 s: one does once, and the last does not at all.
    expect(Math.max(...times)).toBeLessThan(3_400);
    expect(times[2]).toBeLessThan(1_200);
    await pause(12_000);
    server.signal('SIGCONT');
    await until(() => Promise.resolve(store.isThere && other.isThere));
    await pause(4_000);
    expect(await store.find(job.id)).toMatchObject({ status: 'running' });
    expect(await job.end(OUTCOME)).toBe(true);
  });

  it('does not run again what has begun, where Redis comes back as it was before that', async () => {
    await launch();
    const [worker, other] = await Promise.all([stores.open(), stores.open()]);
    const id = await acceptedId(worker, jobOf('a', { maxPlaces: 1 }));
    server.command('SAVE');
    const job = await begun(worker);
    expect(job.id).toBe(id);
    await server.kill();
    await until(() => Promise.resolve(!worker.isThere && !other.isThere));
    await server.launch();
    // One that was not there before finds it first, and waits as well.
    const late = await stores.open();
    const takes: (string | undefined)[] = [];
    await until(async () => {
      takes.push((await late.take().catch(() => null))?.id);
      takes.push((await other.take().catch(() => null))?.id);
      return worker.isThere && other.isThere;
    });
    for (let end = performance.now() + 8_000; performance.now() < end;) {
      takes.push((await other.take())?.id);
      await pause(50);
    }
    expect(takes.filter((taken) => taken !== undefined)).toEqual([]);
    expect(job.ended.aborted).toBe(false);
    expect(await other.find(id)).toMatchObject({ status: 'running' });
    expect(await other.counts()).toMatchObject({ waiting: 0, running: 1, waitingBytes: 0 });
    expect(server.command('EXISTS', `pycell:job:${id}:body`)).toBe('0');
    expect(server.command('EXISTS', `pycell:bull:pycell-executions:${id}`)).toBe('0');
    // Its place of its owner's share is taken by it.
    await acceptedId(worker, jobOf('a', { maxPlaces: 1 }));
    expect(await other.take()).toBeNull();
    expect(await job.end(OUTCOME)).toBe(true);
    expect(await other.outcomeOf(id)).toEqual(OUTCOME);
    expect((await begun(other)).id).not.toBe(id);
  });

  it('accepts nothing while Redis is full, and ends what runs all the same', async () => {
    await launch();
    const store = await stores.open();
    await acceptedId(store);
    const job = await begun(store);
    expect(store.isFull).toBe(false);
    server.command('CONFIG', 'SET', 'maxmemory', '1mb');
    await expect(store.accept(jobOf('a'))).rejects.toBeInstanceOf(JobStoreUnavailable);
    expect([store.isThere, store.isFull]).toEqual([true, true]);
    job.tell({ type: 'start' });
    expect(await job.end(OUTCOME)).toBe(true);
    expect(await store.outcomeOf(job.id)).toEqual(OUTCOME);
    expect(lines.filter((line) => line.includes('it is full'))).toHaveLength(1);
    server.command('CONFIG', 'SET', 'maxmemory', '0');
    await acceptedId(store);
  });
});
