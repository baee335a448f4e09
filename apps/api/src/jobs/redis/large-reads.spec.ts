import { Logger } from '@nestjs/common';
import type { JobOutcome } from '../job';
import { JobStoreUnavailable } from '../job-store';
import type { RedisJobStore } from './redis-job-store';
import { RedisProcess } from './redis-process.contract';
import { StoresOnRedis } from './stores.contract';
import { acceptedId, begun, jobOf, OUTCOME, pause } from './tried-jobs.contract';

jest.setTimeout(90_000);

const MIB = 1024 * 1024;
const LARGE: JobOutcome = { ...OUTCOME, result: Buffer.from(`"${'x'.repeat(15 * MIB)}"`) };

const ROUNDS = 5;

describe('Large answers of Redis', () => {
  let server: RedisProcess;
  let stores: StoresOnRedis;
  let store: RedisJobStore;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    server = await RedisProcess.start();
    stores = new StoresOnRedis(server.port);
    store = await stores.open({ maxKeptBytes: 512 * MIB });
  });

  afterEach(async () => {
    await stores.close();
    await server.stop();
  });

  async function ended(outcome: JobOutcome, owner = 'a'): Promise<string> {
    const id = await acceptedId(store, jobOf(owner));
    expect(await (await begun(store)).end(outcome)).toBe(true);
    return id;
  }

  it('hold up nothing else, though many read them, and few are on their way at a time', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 8; index++) {
      ids.push(await ended(LARGE, `owner ${index % 2}`));
    }
    const running = await acceptedId(store);
    const job = await begun(store);
    let open = 0;
    let most = 0;
    const call = store.link.reader as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    const original = call['pycellJob:outcomeBuffer'];
    call['pycellJob:outcomeBuffer'] = (...args) => {
      most = Math.max(most, ++open);
      return (original?.apply(store.link.reader, args) ?? Promise.reject(new Error())).finally(() => open--);
    };
    const readers = { areOver: false };
    const began = performance.now();
    let took = 0;
    const reading = Promise.all(
      ids.map(async (id) => {
        for (let round = 0; round < ROUNDS; round++) {
          // Many of the same are one reading; nothing is kept of them here.
          const sizes = await Promise.all(
            Array.from({ length: 20 }, async () => (await store.outcomeOf(id))?.result?.length),
          );
          expect(new Set(sizes)).toEqual(new Set([LARGE.result?.length]));
        }
      }),
    ).finally(() => {
      took = performance.now() - began;
      readers.areOver = true;
    });
    const times: number[] = [];
    for (let look = 0; !readers.areOver || look < 5; look++) {
      const since = performance.now();
      expect(await store.find(running)).toMatchObject({ status: 'running' });
      times.push(performance.now() - since);
      await pause(5);
    }
    await reading;
    expect(store.isThere).toBe(true);
    // Two owners, each of which holds half: one of 30 MB, which is what one takes.
    expect(most).toBeLessThanOrEqual(2);
    expect(times.length).toBeGreaterThan(20);
    // Behind all of them it would be a round of the eight, however slow the machine.
    const round = took / ROUNDS;
    expect(times.sort((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(round / 2);
    expect(await job.end(OUTCOME)).toBe(true);
  });

  it('that are late are those only: everything else is asked and answered', async () => {
    const id = await ended(OUTCOME);
    // Its answers stay behind in the socket, as on a network that is full.
    const { stream } = store.link.reader;
    stream.pause();
    const late = store.outcomeOf(id).catch((error: unknown) => error);
    const events = store.eventsAfter(id, 0, 1_000).catch((error: unknown) => error);
    for (let look = 0; look < 30; look++) {
      expect(await store.find(id)).toMatchObject({ status: 'succeeded' });
      expect(store.isThere).toBe(true);
      await pause(100);
    }
    expect(await late).toBeInstanceOf(JobStoreUnavailable);
    expect(await events).toBeInstanceOf(JobStoreUnavailable);
    expect(store.isThere).toBe(true);
    // The connection is made anew by itself.
    const since = performance.now();
    let again: unknown = null;
    while (again === null && performance.now() - since < 15_000) {
      again = await store.outcomeOf(id).catch(() => null);
    }
    expect(again).toEqual(OUTCOME);
  });

  it('do not come when Redis is gone, and that is told soon', async () => {
    const id = await ended(OUTCOME);
    const { stream } = store.link.reader;
    stream.pause();
    const since = performance.now();
    const read = store.outcomeOf(id).catch((error: unknown) => error);
    await pause(100);
    await server.kill();
    expect(await read).toBeInstanceOf(JobStoreUnavailable);
    expect(performance.now() - since).toBeLessThan(2_000);
    // Else it would never hear that it is closed.
    stream.resume();
  });
});
