import type { JobsOptions } from '../configuration/jobs-options';
import type { Acceptance, JobEvent, JobOutcome, JobRecord, NewJob } from './job';
import type { JobSource, JobStore, TakenJob } from './job-store';

export type StoreOptions = Pick<
  JobsOptions,
  'ttlSeconds' | 'maxWaiting' | 'maxWaitingBytes' | 'maxKeptBytes'
>;

/** A store that has been started, with where workers get its jobs. */
export interface MadeStore {
  readonly store: JobStore;
  readonly source: JobSource;
  close(): Promise<void>;
}

const MIB = 1024 * 1024;
const ROOMY: StoreOptions = {
  ttlSeconds: 60,
  maxWaiting: 100,
  maxWaitingBytes: 16 * MIB,
  maxKeptBytes: 16 * MIB,
};

/** So long a store may take until something is seen. */
const SOON_MS = 5_000;

const OUTCOME: JobOutcome = {
  httpStatus: 200,
  result: Buffer.from('[12345678901234567890,1.0]'),
  facts: '{"execution":{"id":"e"}}',
  output: '{"stdout":"out\\n","stderr":""}',
  artifacts: ['{"name":"a.txt","mediaType":"text/plain","sizeBytes":1,"base64":"YQ=="}'],
};
const FAILURE: JobOutcome = {
  httpStatus: 422,
  result: null,
  facts: '{"error":"x","code":"SCRIPT_ERROR"}',
  output: '{}',
  artifacts: [],
};

function jobOf(owner: string, more: Partial<NewJob> = {}): NewJob {
  const body = Buffer.from(`{"script":"def main(): return 1 # ${owner}"}`);
  return { owner, key: null, maxPlaces: null, body, idempotencyKey: null, callbackUrl: null, ...more };
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  const end = performance.now() + SOON_MS;
  for (;;) {
    const found = await look();
    if (found !== null) {
      return found;
    }
    if (performance.now() > end) {
      throw new Error('it never came to be');
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What every store of jobs does. @param make starts one that is empty */
export function describeJobStore(name: string, make: (options: StoreOptions) => Promise<MadeStore>): void {
  describe(name, () => {
    let made: MadeStore;

    const open = async (options: Partial<StoreOptions> = {}): Promise<void> => {
      made = await make({ ...ROOMY, ...options });
    };

    const accepted = async (job: NewJob): Promise<JobRecord> => {
      const acceptance = await made.store.accept(job);
      if (acceptance.kind !== 'accepted') {
        throw new Error(`it was not accepted: ${acceptance.kind}`);
      }
      return acceptance.record;
    };

    /** Waits as a worker does, and takes the next. */
    const taken = (): Promise<TakenJob> =>
      until(async () => {
        await made.source.waiting(AbortSignal.timeout(SOON_MS));
        return made.source.take();
      });

    const begun = async (): Promise<TakenJob> => {
      const job = await taken();
      expect(await job.begin()).toBe(true);
      return job;
    };

    const run = async (job: NewJob, outcome = OUTCOME): Promise<string> => {
      const { id } = await accepted(job);
      const worked = await begun();
      expect(worked.id).toBe(id);
      expect(await worked.end(outcome)).toBe(true);
      return id;
    };

    const textsOf = async (id: string): Promise<string> =>
      (await made.store.eventsAfter(id, 0))
        .map((event) => (event.type === 'start' ? '>' : event.text))
        .join('');

    afterEach(() => made.close());

    describe('from acceptance to the end,', () => {
      beforeEach(() => open());

      it('accepts under an id of 128 bits, and knows the job at once', async () => {
        const [one, other] = [await accepted(jobOf('a')), await accepted(jobOf('a'))];
        expect(one.id).toMatch(/^[0-9a-f]{32}$/);
        expect(other.id).not.toBe(one.id);
        expect(one).toMatchObject({
          owner: 'a',
          status: 'queued',
          startedAt: null,
          endedAt: null,
          expiresAt: null,
          httpStatus: null,
        });
        expect(Math.abs(one.createdAt - Date.now())).toBeLessThan(SOON_MS);
        expect(await made.store.find(one.id)).toEqual(one);
        expect(made.store.isThere).toBe(true);
      });

      it('knows nothing of what was never there', async () => {
        const { store } = made;
        for (const id of ['0'.repeat(32), '', '__proto__', '*', 'a b\r\n', '{x}']) {
          expect(await store.find(id)).toBeNull();
          expect(await store.outcomeOf(id)).toBeNull();
          expect(await store.eventsAfter(id, 0)).toEqual([]);
          expect(await store.cancel(id)).toBeNull();
        }
      });

      it('hands over what was accepted, byte for byte', async () => {
        const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
        const { id } = await accepted(jobOf('key:shop', { key: 'shop', body }));
        const job = await taken();
        expect(job).toMatchObject({ id, owner: 'key:shop', key: 'shop' });
        expect(job.body.equals(body)).toBe(true);
        expect(job.ended.aborted).toBe(false);
      });

      it('tells what becomes of it', async () => {
        const { id, createdAt } = await accepted(jobOf('a'));
        const job = await taken();
        expect(await made.store.find(id)).toMatchObject({ status: 'queued', startedAt: null });
        expect(await job.begin()).toBe(true);
        const running = await made.store.find(id);
        expect(running).toMatchObject({ status: 'running', endedAt: null, httpStatus: null });
        expect(running?.startedAt).toBeGreaterThanOrEqual(createdAt);
        expect(await made.store.outcomeOf(id)).toBeNull();
        expect(await job.end(OUTCOME)).toBe(true);
        const ended = await made.store.find(id);
        expect(ended).toMatchObject({ status: 'succeeded', httpStatus: 200 });
        expect(ended?.endedAt).toBeGreaterThanOrEqual(running?.startedAt ?? Infinity);
        expect(ended?.expiresAt).toBe((ended?.endedAt ?? 0) + 60_000);
        const outcome = await made.store.outcomeOf(id);
        expect(outcome).toEqual(OUTCOME);
        expect(outcome?.result?.toString()).toBe('[12345678901234567890,1.0]');
      });

      it('has one that has no result as failed, whether or not its script was handed over', async () => {
        const id = await run(jobOf('a'), FAILURE);
        expect(await made.store.find(id)).toMatchObject({ status: 'failed', httpStatus: 422 });
        expect(await made.store.outcomeOf(id)).toEqual(FAILURE);
        const other = await accepted(jobOf('a'));
        expect(await (await taken()).end({ ...FAILURE, httpStatus: 400 })).toBe(true);
        const refused = await made.store.find(other.id);
        expect(refused).toMatchObject({ status: 'failed', httpStatus: 400, startedAt: null });
      });

      it('gives each job to one worker only', async () => {
        const ids = await Promise.all(
          Array.from({ length: 20 }, () => accepted(jobOf('a')).then(({ id }) => id)),
        );
        const jobs = await Promise.all(ids.map(() => taken()));
        expect(jobs.map(({ id }) => id).sort()).toEqual(ids.sort());
        expect(await made.source.take()).toBeNull();
      });

      it('lets a job begin once, however often it is asked, and end once', async () => {
        await accepted(jobOf('a'));
        const job = await taken();
        const begins = await Promise.all([job.begin(), job.begin(), job.begin()]);
        expect(begins.filter(Boolean)).toHaveLength(1);
        const ends = await Promise.all([job.end(OUTCOME), job.end(FAILURE)]);
        expect(ends.filter(Boolean)).toHaveLength(1);
        expect(await job.begin()).toBe(false);
      });

      it('has what is given back wait again, as the first of its owner', async () => {
        const ids = [await accepted(jobOf('a')), await accepted(jobOf('a'))].map(({ id }) => id);
        const job = await taken();
        expect(job.id).toBe(ids[0]);
        await job.giveBack();
        expect(await made.store.find(job.id)).toMatchObject({ status: 'queued' });
        const again = await begun();
        expect(again.id).toBe(ids[0]);
        expect(again.body.equals(jobOf('a').body)).toBe(true);
        expect((await taken()).id).toBe(ids[1]);
      });

      it('takes back nothing that has begun', async () => {
        await accepted(jobOf('a'));
        const job = await begun();
        await job.giveBack();
        expect(await made.source.take()).toBeNull();
        expect(await made.store.find(job.id)).toMatchObject({ status: 'running' });
      });

      it('wakes who waits for a job, and lets go of who does so no longer', async () => {
        const leaving = new AbortController();
        const left = made.source.waiting(leaving.signal);
        const reason = new Error('stopped');
        leaving.abort(reason);
        await expect(left).rejects.toBe(reason);
        await expect(made.source.waiting(leaving.signal)).rejects.toBe(reason);
        const waiting = made.source.waiting(AbortSignal.timeout(SOON_MS));
        await accepted(jobOf('a'));
        await expect(waiting).resolves.toBeUndefined();
      });

      it('counts', async () => {
        const { store } = made;
        expect(await store.counts()).toEqual({ waiting: 0, running: 0, waitingBytes: 0, keptBytes: 0 });
        const body = Buffer.alloc(1_000, 32);
        await accepted(jobOf('a', { body }));
        await accepted(jobOf('b', { body }));
        const waiting = await store.counts();
        expect(waiting).toMatchObject({ waiting: 2, running: 0, keptBytes: 0 });
        expect(waiting.waitingBytes).toBeGreaterThanOrEqual(2_000);
        const job = await begun();
        expect(await store.counts()).toMatchObject({ waiting: 1, running: 1 });
        await job.end({ ...OUTCOME, result: Buffer.alloc(10_000, 49) });
        const one = await store.counts();
        expect(one).toMatchObject({ waiting: 1, running: 0 });
        expect(one.keptBytes).toBeGreaterThanOrEqual(10_000);
        await store.cancel((await taken()).id);
        expect(await store.counts()).toMatchObject({ waiting: 0, running: 0, waitingBytes: 0 });
      });
    });

    describe('of events,', () => {
      beforeEach(() => open());

      it('keeps all of a job in order, from any number on', async () => {
        const { id } = await accepted(jobOf('a'));
        const job = await begun();
        const told: JobEvent[] = [
          { type: 'start' },
          { type: 'stdout', text: 'a\n' },
          { type: 'stderr', text: 'b\u2028' },
          { type: 'stdout', text: 'ü' },
        ];
        told.forEach((event) => job.tell(event));
        await job.end(OUTCOME);
        const all = await made.store.eventsAfter(id, 0);
        expect(all).toEqual(told);
        for (let after = 0; after <= told.length + 1; after++) {
          expect(await made.store.eventsAfter(id, after)).toEqual(told.slice(after));
        }
        expect(await made.store.eventsAfter(id, 2 ** 31)).toEqual([]);
      });

      it('shows them while it runs, and does not change what was shown', async () => {
        const { id } = await accepted(jobOf('a'));
        const job = await begun();
        job.tell({ type: 'start' });
        job.tell({ type: 'stdout', text: 'one ' });
        await until(async () => ((await textsOf(id)) === '>one ' ? true : null));
        const shown = await made.store.eventsAfter(id, 0);
        job.tell({ type: 'stdout', text: 'two' });
        await until(async () => ((await textsOf(id)) === '>one two' ? true : null));
        await job.end(OUTCOME);
        expect((await made.store.eventsAfter(id, 0)).slice(0, shown.length)).toEqual(shown);
      });

      it('joins small pieces', async () => {
        const { id } = await accepted(jobOf('a'));
        const job = await begun();
        job.tell({ type: 'start' });
        for (let piece = 0; piece < 5_000; piece++) {
          job.tell({ type: piece % 2 === 0 ? 'stdout' : 'stderr', text: piece % 2 === 0 ? 'o' : 'e' });
        }
        await job.end(OUTCOME);
        const events = await made.store.eventsAfter(id, 0);
        expect(events.length).toBeLessThan(1_000);
        const text = await textsOf(id);
        expect(text.replaceAll('e', '')).toBe(`>${'o'.repeat(2_500)}`);
        expect(text.replaceAll('o', '')).toBe(`>${'e'.repeat(2_500)}`);
      });

      it('takes none after the end', async () => {
        const { id } = await accepted(jobOf('a'));
        const job = await begun();
        job.tell({ type: 'start' });
        await job.end(OUTCOME);
        job.tell({ type: 'stdout', text: 'late' });
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(await textsOf(id)).toBe('>');
      });

      it('calls those who watch, until they do so no longer', async () => {
        const { id } = await accepted(jobOf('a'));
        const calls = [0, 0];
        const [stop, stopOther] = [0, 1].map((index) =>
          made.store.watch(id, () => {
            calls[index] = (calls[index] ?? 0) + 1;
          }),
        );
        // What is told of who watches may still be on its way to a store beyond this process.
        await new Promise((resolve) => setTimeout(resolve, 100));
        const job = await begun();
        await until(() => Promise.resolve(calls[0] !== 0 && calls[1] !== 0 ? true : null));
        stop?.();
        calls.fill(0);
        job.tell({ type: 'stdout', text: 'x' });
        await until(() => Promise.resolve(calls[1] !== 0 ? true : null));
        await new Promise((resolve) => setTimeout(resolve, 100));
        calls.fill(0);
        await job.end(OUTCOME);
        await until(() => Promise.resolve(calls[1] !== 0 ? true : null));
        expect(calls[0]).toBe(0);
        stopOther?.();
        // Of one that is not there nothing is told.
        made.store.watch('0'.repeat(32), () => undefined)();
      });
    });

    describe('cancelled,', () => {
      beforeEach(() => open());

      it('is never taken where it waits', async () => {
        const { id } = await accepted(jobOf('a'));
        const other = await accepted(jobOf('a'));
        const cancelled = await made.store.cancel(id);
        expect(cancelled).toMatchObject({ id, status: 'cancelled', startedAt: null, httpStatus: null });
        expect(cancelled?.endedAt).not.toBeNull();
        expect(cancelled?.expiresAt).not.toBeNull();
        expect((await taken()).id).toBe(other.id);
        expect(await made.source.take()).toBeNull();
        expect(await made.store.outcomeOf(id)).toBeNull();
      });

      it('does not begin where it has been taken', async () => {
        const { id } = await accepted(jobOf('a'));
        const job = await taken();
        await made.store.cancel(id);
        expect(await job.begin()).toBe(false);
        expect(await job.end(OUTCOME)).toBe(false);
        await job.giveBack();
        expect(await made.source.take()).toBeNull();
        expect(await made.store.find(id)).toMatchObject({ status: 'cancelled' });
      });

      it('tells who runs it, and stays so', async () => {
        const { id } = await accepted(jobOf('a'));
        const job = await begun();
        await made.store.cancel(id);
        await until(() => Promise.resolve(job.ended.aborted ? true : null));
        expect(await job.end(OUTCOME)).toBe(false);
        expect(await made.store.find(id)).toMatchObject({ status: 'cancelled', httpStatus: null });
        expect(await made.store.outcomeOf(id)).toBeNull();
      });

      it('is left as it is where it has ended', async () => {
        const id = await run(jobOf('a'));
        const before = await made.store.find(id);
        expect(await made.store.cancel(id)).toEqual(before);
        expect(await made.store.outcomeOf(id)).toEqual(OUTCOME);
        const other = await accepted(jobOf('a'));
        const once = await made.store.cancel(other.id);
        expect(await made.store.cancel(other.id)).toEqual(once);
      });
    });

    describe('with an idempotency key,', () => {
      const job = jobOf('a', { idempotencyKey: 'order 66' });

      beforeEach(() => open({ ttlSeconds: 1 }));

      it('accepts the same body once, also of many at once', async () => {
        const all = await Promise.all(Array.from({ length: 10 }, () => made.store.accept(job)));
        expect(all.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
        expect(all.filter(({ kind }) => kind === 'repeated')).toHaveLength(9);
        const ids = new Set(all.map((acceptance) => 'record' in acceptance && acceptance.record.id));
        expect(ids.size).toBe(1);
        expect((await made.store.counts()).waiting).toBe(1);
      });

      it('accepts a large body once, too', async () => {
        const large = { ...job, body: Buffer.alloc(200_000, 65) };
        const all = await Promise.all(Array.from({ length: 4 }, () => made.store.accept(large)));
        expect(all.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
        expect(await made.store.accept({ ...large, body: Buffer.alloc(200_000, 66) })).toEqual({
          kind: 'conflict',
        });
      });

      it('refuses another body', async () => {
        const { id } = await accepted(job);
        const other = { ...job, body: Buffer.from('{"script":"other"}') };
        expect(await made.store.accept(other)).toEqual({ kind: 'conflict' });
        expect(await made.store.accept(job)).toMatchObject({ kind: 'repeated', record: { id } });
      });

      it('tells the owners apart, and their keys', async () => {
        await accepted(job);
        expect(await made.store.accept({ ...job, owner: 'b' })).toMatchObject({ kind: 'accepted' });
        expect(await made.store.accept({ ...job, idempotencyKey: 'order 67' })).toMatchObject({
          kind: 'accepted',
        });
        // Where the two are joined does not matter.
        expect(await made.store.accept({ ...job, owner: 'aorder', idempotencyKey: ' 66' })).toMatchObject({
          kind: 'accepted',
        });
      });

      it('tells of one that has ended, until it is forgotten', async () => {
        const id = await run(job, FAILURE);
        expect(await made.store.accept(job)).toMatchObject({
          kind: 'repeated',
          record: { id, status: 'failed', httpStatus: 422 },
        });
        const again = await until(async () => {
          const acceptance = await made.store.accept(job);
          return acceptance.kind === 'accepted' ? acceptance : null;
        });
        expect(again.record.id).not.toBe(id);
        expect(await made.store.find(id)).toBeNull();
      });
    });

    describe('bounded,', () => {
      const kindsOf = async (jobs: readonly NewJob[]): Promise<string[]> => {
        const kinds: string[] = [];
        for (const job of jobs) {
          const acceptance: Acceptance = await made.store.accept(job);
          if (acceptance.kind === 'full') {
            expect(acceptance.retryAfterSeconds).toBeGreaterThanOrEqual(1);
            kinds.push(acceptance.own ? 'full for it' : 'full');
          } else {
            kinds.push(acceptance.kind);
          }
        }
        return kinds;
      };

      it('gives one owner at most half of the room, so that others find some', async () => {
        await open({ maxWaiting: 4 });
        expect(await kindsOf(['a', 'a', 'a', 'b', 'c', 'd'].map((owner) => jobOf(owner)))).toEqual([
          'accepted',
          'accepted',
          'full for it',
          'accepted',
          'accepted',
          'full',
        ]);
        await begun();
        expect(await kindsOf([jobOf('d')])).toEqual(['accepted']);
      });

      it('bounds the bytes of requests in the same way', async () => {
        await open({ maxWaitingBytes: 1_000_000 });
        const large = (owner: string): NewJob => jobOf(owner, { body: Buffer.alloc(240_000, 32) });
        expect(await kindsOf(['a', 'a', 'a', 'b', 'b', 'c'].map(large))).toEqual([
          'accepted',
          'accepted',
          'full for it',
          'accepted',
          'accepted',
          'full',
        ]);
        await begun();
        expect(await kindsOf([large('c')])).toEqual(['accepted']);
      });

      it('has room for one job, however little there is', async () => {
        await open({ maxWaiting: 1 });
        expect(await kindsOf([jobOf('a'), jobOf('b')])).toEqual(['accepted', 'full']);
        await made.store.cancel((await taken()).id);
        expect(await kindsOf([jobOf('b')])).toEqual(['accepted']);
      });

      it('forgets a job when its time is over, and not before it has ended', async () => {
        await open({ ttlSeconds: 1 });
        const waiting = await accepted(jobOf('a'));
        const job = await begun();
        const queued = await accepted(jobOf('b'));
        const cancelled = await accepted(jobOf('c'));
        await made.store.cancel(cancelled.id);
        await new Promise((resolve) => setTimeout(resolve, 1_300));
        expect(await made.store.find(cancelled.id)).toBeNull();
        expect(await made.store.find(queued.id)).toMatchObject({ status: 'queued' });
        expect(await made.store.find(waiting.id)).toMatchObject({ status: 'running' });
        job.tell({ type: 'stdout', text: 'x' });
        expect(await job.end(OUTCOME)).toBe(true);
        await new Promise((resolve) => setTimeout(resolve, 1_300));
        expect(await made.store.find(waiting.id)).toBeNull();
        expect(await made.store.outcomeOf(waiting.id)).toBeNull();
        expect(await made.store.eventsAfter(waiting.id, 0)).toEqual([]);
        await until(async () => ((await made.store.counts()).keptBytes === 0 ? true : null));
      });

      it('forgets the oldest of who has most first, where those that have ended hold too much', async () => {
        await open({ maxKeptBytes: MIB });
        const outcome = { ...OUTCOME, result: Buffer.alloc(240 * 1024, 49) };
        const small = await run(jobOf('a'), { ...OUTCOME, result: Buffer.alloc(1024, 49) });
        const ids: string[] = [];
        for (let index = 0; index < 5; index++) {
          ids.push(await run(jobOf('b'), outcome));
        }
        const found = await Promise.all(ids.map((id) => made.store.find(id)));
        expect(found.map((record) => record !== null)).toEqual([false, true, true, true, true]);
        expect(await made.store.find(small)).not.toBeNull();
        expect((await made.store.counts()).keptBytes).toBeLessThanOrEqual(MIB);
        expect((await made.store.outcomeOf(ids[4] ?? ''))?.result).toHaveLength(240 * 1024);
      });
    });

    describe('among owners,', () => {
      beforeEach(() => open());

      const orderOf = async (count: number): Promise<string> => {
        const order: string[] = [];
        for (let index = 0; index < count; index++) {
          const job = await begun();
          order.push(job.owner);
          await job.end(FAILURE);
        }
        return order.join('');
      };

      it('gives each its turn, however many jobs another has', async () => {
        for (const owner of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) {
          await accepted(jobOf(owner));
        }
        expect(await orderOf(7)).toBe('abcabaa');
      });

      it('does not hold up the first job of who comes late', async () => {
        for (let index = 0; index < 10; index++) {
          await accepted(jobOf('a'));
        }
        expect(await orderOf(4)).toBe('aaaa');
        await accepted(jobOf('b'));
        await accepted(jobOf('b'));
        expect((await orderOf(2)).includes('b')).toBe(true);
        expect((await orderOf(2)).includes('b')).toBe(true);
      });

      it('keeps the order within an owner', async () => {
        const ids: string[] = [];
        for (let index = 0; index < 5; index++) {
          ids.push((await accepted(jobOf('a'))).id);
        }
        for (const id of ids) {
          const job = await begun();
          expect(job.id).toBe(id);
          await job.end(FAILURE);
        }
      });

      it('has no more at work of an owner than its share of places', async () => {
        for (let index = 0; index < 4; index++) {
          await accepted(jobOf('a', { maxPlaces: 2 }));
        }
        await accepted(jobOf('b'));
        const jobs = [await begun(), await begun(), await begun()];
        expect(jobs.map(({ owner }) => owner).sort()).toEqual(['a', 'a', 'b']);
        expect(await made.source.take()).toBeNull();
        const [first, second] = jobs.filter(({ owner }) => owner === 'a');
        await first?.end(OUTCOME);
        const third = await begun();
        expect(third.owner).toBe('a');
        expect(await made.source.take()).toBeNull();
        await made.store.cancel(second?.id ?? '');
        expect((await begun()).owner).toBe('a');
      });

      it('has a share of places used by none of those that were cancelled while they waited', async () => {
        const held = await Promise.all(
          Array.from({ length: 3 }, () => accepted(jobOf('a', { maxPlaces: 1 }))),
        );
        const job = await begun();
        for (const { id } of held.filter(({ id }) => id !== job.id).slice(0, 1)) {
          await made.store.cancel(id);
        }
        expect(await made.source.take()).toBeNull();
        await job.end(OUTCOME);
        await begun();
        expect(await made.source.take()).toBeNull();
      });
    });
  });
}
