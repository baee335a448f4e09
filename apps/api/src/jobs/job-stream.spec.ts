import { Reader, until } from '../answers/reader.contract';
import type { OpenResponses } from '../shutdown/open-responses';
import type { JobEvent } from './job';
import { JobReaders } from './job-reader';
import { type JobStore, JobStoreUnavailable, type TakenJob } from './job-store';
import { JobStream } from './job-stream';
import { MemoryJobStore } from './memory/memory-job-store';
import { FAILURE, jobOf, MIB, OUTCOME } from './store-scene.contract';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const RESPONSES = { follow: () => undefined } as unknown as OpenResponses;
const TOLD: readonly JobEvent[] = [
  { type: 'start' },
  { type: 'stdout', text: 'a' },
  { type: 'stderr', text: 'b' },
];

/** The store in memory, which counts what it is asked. */
class CountingStore extends MemoryJobStore {
  finds = 0;
  pages: number[] = [];
  outcomes = 0;
  fault: Error | null = null;

  override find(id: string): ReturnType<JobStore['find']> {
    this.finds++;
    return this.fault ? Promise.reject(this.fault) : super.find(id);
  }

  override async eventsAfter(
    id: string,
    after: number,
    maxBytes: number,
  ): ReturnType<JobStore['eventsAfter']> {
    const page = await super.eventsAfter(id, after, maxBytes);
    this.pages.push(page.events.length);
    return page;
  }

  override outcomeOf(id: string): ReturnType<JobStore['outcomeOf']> {
    this.outcomes++;
    return super.outcomeOf(id);
  }
}

describe('JobStream', () => {
  let store: CountingStore;
  let readers: JobReaders;
  let clients: Reader[];
  let faults: unknown[];

  beforeEach(() => {
    store = new CountingStore({
      ttlSeconds: 60,
      maxWaiting: 10,
      maxWaitingBytes: MIB,
      maxKeptBytes: 64 * MIB,
    });
    readers = new JobReaders(store);
    clients = [];
    faults = [];
  });

  afterEach(async () => {
    clients.forEach((client) => client.close());
    await store.stop();
  });

  async function begun(): Promise<TakenJob> {
    await store.accept(jobOf('a'));
    const job = await store.take();
    if (!job || !(await job.begin())) {
      throw new Error('there is no job');
    }
    return job;
  }

  async function ended(outcome = OUTCOME, told = TOLD): Promise<string> {
    const job = await begun();
    told.forEach((event) => job.tell(event));
    await job.end(outcome);
    return job.id;
  }

  async function follow(id: string, after = 0, lifeMs?: number): Promise<Reader> {
    const client = await Reader.connect();
    clients.push(client);
    const onFault = (fault: unknown): number => faults.push(fault);
    new JobStream(id, after, readers.of(id), client.response, RESPONSES, onFault, lifeMs);
    return client;
  }

  /** A job, ten who follow it, and how long its first event took to all of them. */
  async function followed(): Promise<[TakenJob, Reader[], number]> {
    const job = await begun();
    const all = await Promise.all(Array.from({ length: 10 }, () => follow(job.id)));
    await pause(150);
    const { finds } = store;
    const since = performance.now();
    job.tell({ type: 'start' });
    await pause(5);
    // However late it is: no look is waited for, and there is one for all.
    expect(store.finds).toBe(finds + 1);
    await Promise.all(all.map((client) => client.readUntil((text) => text.includes('event: start'))));
    return [job, all, performance.now() - since];
  }

  const read = async (id: string, after = 0): Promise<readonly string[]> =>
    namesOf(await (await follow(id, after)).readAll());

  function namesOf(text: string): readonly string[] {
    return [...text.matchAll(/^id: (\d+)\nevent: (\w+)$/gm)].map(([, number, type]) => `${number} ${type}`);
  }

  it('has all of one that has ended, from any number on', async () => {
    const id = await ended();
    const all = ['1 start', '2 stdout', '3 stderr', '4 artifact', '5 result', '6 end'];
    for (let after = 0; after < all.length; after++) {
      expect(await read(id, after)).toEqual(all.slice(after));
    }
    expect(await read(await ended({ ...FAILURE, output: '{}' }, []))).toEqual(['1 error', '2 end']);
    expect(faults).toEqual([]);
  });

  it('tells of one that was cancelled, and ends without a word where there is none', async () => {
    const job = await begun();
    const client = await follow(job.id);
    await store.cancel(job.id);
    expect(namesOf(await client.readAll())).toEqual(['1 cancelled', '2 end']);
    expect(await read('0'.repeat(32))).toEqual([]);
  });

  it('sends the first event at once, and looks ten times a second for all who follow', async () => {
    let [job, all, firstMs] = await followed();
    // Of some tries, one is not disturbed by what else the machine does.
    for (let more = 4; firstMs >= 90 && more > 0; more--) {
      [job, all, firstMs] = await followed();
    }
    expect(firstMs).toBeLessThan(90);
    const before = store.finds;
    const from = performance.now();
    for (let index = 0; performance.now() - from < 600; index++) {
      job.tell({ type: index % 2 === 0 ? 'stdout' : 'stderr', text: 'x' });
      await pause(15);
    }
    const looks = (performance.now() - from) / 100;
    expect(store.finds - before).toBeGreaterThan(2);
    expect(store.finds - before).toBeLessThanOrEqual(looks + 2);
    store.outcomes = 0;
    await job.end(OUTCOME);
    const texts = await Promise.all(all.map((client) => client.readAll()));
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain('event: end');
    expect(store.outcomes).toBe(1);
  });

  it('takes a page at a time of what is large, each once, and waits for a reader that is slow', async () => {
    const id = await ended(OUTCOME, [
      { type: 'start' },
      ...Array.from({ length: 1_000 }, () => ({ type: 'stdout', text: 'x'.repeat(16 * 1024) }) as const),
    ]);
    const client = await follow(id);
    await pause(300);
    // Some is in the sockets of both sides.
    expect(store.pages.length).toBeLessThan(40);
    const text = await client.readAll();
    expect(text.length).toBeGreaterThan(16_000 * 1024);
    expect(text).toContain('id: 1004\nevent: end');
    expect(Math.max(...store.pages)).toBeLessThanOrEqual(17);
    expect(store.pages.reduce((sum, count) => sum + count, 0)).toBe(1_001);
  });

  it('ends after its time without an end, and lets go of the job', async () => {
    const job = await begun();
    job.tell({ type: 'start' });
    const client = await follow(job.id, 0, 80);
    expect(namesOf(await client.readAll())).toEqual(['1 start']);
    const before = store.finds;
    await job.end(OUTCOME);
    await pause(150);
    expect(store.finds).toBe(before);
    expect(await read(job.id, 1)).toEqual(['2 artifact', '3 result', '4 end']);
  });

  it('lets go of the job when its reader leaves', async () => {
    const job = await begun();
    const client = await follow(job.id);
    job.tell({ type: 'start' });
    await client.readUntil((text) => text.includes('start'));
    const same = readers.of(job.id);
    await client.leave();
    await until(() => readers.of(job.id) !== same);
    expect(faults).toEqual([]);
  });

  it('is cut, and says why, where the store does not answer', async () => {
    const job = await begun();
    const client = await follow(job.id);
    store.fault = new JobStoreUnavailable('gone');
    job.tell({ type: 'start' });
    expect(await client.readAll()).toBe('');
    expect(faults).toEqual([store.fault]);
  });
});
