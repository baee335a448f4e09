import type { Acceptance, NewJob } from './job';
import { FAILURE, jobOf, MIB, OUTCOME, type StoreScene, until } from './store-scene.contract';

/** Who gets how much, and when. */
export function describeBounds(scene: StoreScene): void {
  describe('with an idempotency key,', () => {
    const job = jobOf('a', { idempotencyKey: 'order 66' });

    beforeEach(() => scene.open({ ttlSeconds: 1 }));

    it('accepts the same body once, also of many at once', async () => {
      const all = await Promise.all(Array.from({ length: 10 }, () => scene.store.accept(job)));
      expect(all.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
      expect(all.filter(({ kind }) => kind === 'repeated')).toHaveLength(9);
      const ids = new Set(all.map((acceptance) => 'record' in acceptance && acceptance.record.id));
      expect(ids.size).toBe(1);
      expect((await scene.store.counts()).waiting).toBe(1);
    });

    it('accepts a large body once, too', async () => {
      const large = { ...job, body: Buffer.alloc(200_000, 65) };
      const all = await Promise.all(Array.from({ length: 4 }, () => scene.store.accept(large)));
      expect(all.filter(({ kind }) => kind === 'accepted')).toHaveLength(1);
      expect(await scene.store.accept({ ...large, body: Buffer.alloc(200_000, 66) })).toEqual({
        kind: 'conflict',
      });
    });

    it('refuses another body', async () => {
      const { id } = await scene.accepted(job);
      const other = { ...job, body: Buffer.from('{"script":"other"}') };
      expect(await scene.store.accept(other)).toEqual({ kind: 'conflict' });
      expect(await scene.store.accept(job)).toMatchObject({ kind: 'repeated', record: { id } });
    });

    it('tells the owners apart, and their keys', async () => {
      await scene.accepted(job);
      expect(await scene.store.accept({ ...job, owner: 'b' })).toMatchObject({ kind: 'accepted' });
      expect(await scene.store.accept({ ...job, idempotencyKey: 'order 67' })).toMatchObject({
        kind: 'accepted',
      });
      // Where the two are joined does not matter.
      expect(await scene.store.accept({ ...job, owner: 'aorder', idempotencyKey: ' 66' })).toMatchObject({
        kind: 'accepted',
      });
    });

    it('tells of one that has ended, until it is forgotten', async () => {
      const id = await scene.run(job, FAILURE);
      expect(await scene.store.accept(job)).toMatchObject({
        kind: 'repeated',
        record: { id, status: 'failed', httpStatus: 422 },
      });
      const again = await until(async () => {
        const acceptance = await scene.store.accept(job);
        return acceptance.kind === 'accepted' ? acceptance : null;
      });
      expect(again.record.id).not.toBe(id);
      expect(await scene.store.find(id)).toBeNull();
    });
  });

  describe('bounded,', () => {
    const kindsOf = async (jobs: readonly NewJob[]): Promise<string[]> => {
      const kinds: string[] = [];
      for (const job of jobs) {
        const acceptance: Acceptance = await scene.store.accept(job);
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
      await scene.open({ maxWaiting: 4 });
      expect(await kindsOf(['a', 'a', 'a', 'b', 'c', 'd'].map((owner) => jobOf(owner)))).toEqual([
        'accepted',
        'accepted',
        'full for it',
        'accepted',
        'accepted',
        'full',
      ]);
      await scene.begun();
      expect(await kindsOf([jobOf('d')])).toEqual(['accepted']);
    });

    it('gives one owner no more than half of an odd number', async () => {
      await scene.open({ maxWaiting: 5 });
      expect(await kindsOf(['a', 'a', 'a', 'b', 'b', 'b', 'c', 'd'].map((owner) => jobOf(owner)))).toEqual([
        'accepted',
        'accepted',
        'full for it',
        'accepted',
        'accepted',
        'full for it',
        'accepted',
        'full',
      ]);
    });

    it('bounds the bytes of requests in the same way', async () => {
      await scene.open({ maxWaitingBytes: 1_000_000 });
      const large = (owner: string): NewJob => jobOf(owner, { body: Buffer.alloc(240_000, 32) });
      expect(await kindsOf(['a', 'a', 'a', 'b', 'b', 'c'].map(large))).toEqual([
        'accepted',
        'accepted',
        'full for it',
        'accepted',
        'accepted',
        'full',
      ]);
      await scene.begun();
      expect(await kindsOf([large('c')])).toEqual(['accepted']);
    });

    it('has room for one job, however little there is', async () => {
      await scene.open({ maxWaiting: 1 });
      expect(await kindsOf([jobOf('a'), jobOf('b')])).toEqual(['accepted', 'full']);
      await scene.store.cancel((await scene.taken()).id);
      expect(await kindsOf([jobOf('b')])).toEqual(['accepted']);
    });

    it('forgets a job when its time is over, and not before it has ended', async () => {
      await scene.open({ ttlSeconds: 1 });
      const waiting = await scene.accepted(jobOf('a'));
      const job = await scene.begun();
      const queued = await scene.accepted(jobOf('b'));
      const cancelled = await scene.accepted(jobOf('c'));
      await scene.store.cancel(cancelled.id);
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(await scene.store.find(cancelled.id)).toBeNull();
      expect(await scene.store.find(queued.id)).toMatchObject({ status: 'queued' });
      expect(await scene.store.find(waiting.id)).toMatchObject({ status: 'running' });
      job.tell({ type: 'stdout', text: 'x' });
      expect(await job.end(OUTCOME)).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 1_300));
      expect(await scene.store.find(waiting.id)).toBeNull();
      expect(await scene.store.outcomeOf(waiting.id)).toBeNull();
      expect(await scene.eventsOf(waiting.id)).toEqual([]);
      await until(async () => ((await scene.store.counts()).keptBytes === 0 ? true : null));
    });

    it('forgets the oldest of who has most first, where those that have ended hold too much', async () => {
      await scene.open({ maxKeptBytes: MIB });
      const outcome = { ...OUTCOME, result: Buffer.alloc(240 * 1024, 49) };
      const small = await scene.run(jobOf('a'), { ...OUTCOME, result: Buffer.alloc(1024, 49) });
      const ids: string[] = [];
      for (let index = 0; index < 5; index++) {
        ids.push(await scene.run(jobOf('b'), outcome));
      }
      const found = await Promise.all(ids.map((id) => scene.store.find(id)));
      expect(found.map((record) => record !== null)).toEqual([false, true, true, true, true]);
      expect(await scene.store.find(small)).not.toBeNull();
      expect((await scene.store.counts()).keptBytes).toBeLessThanOrEqual(MIB);
      expect((await scene.store.outcomeOf(ids[4] ?? ''))?.result).toHaveLength(240 * 1024);
    });

    it('forgets those of others where the last of who has most leaves no room, and tells who watches', async () => {
      await scene.open({ maxKeptBytes: MIB });
      const outcome = { ...OUTCOME, result: Buffer.alloc(400 * 1024, 49) };
      const first = await scene.run(jobOf('a'), outcome);
      const second = await scene.run(jobOf('b'), outcome);
      let calls = 0;
      scene.store.watch(first, () => calls++);
      // What is told of who watches may still be on its way to a store beyond this process.
      await new Promise((resolve) => setTimeout(resolve, 100));
      calls = 0;
      const last = await scene.run(jobOf('c'), { ...OUTCOME, result: Buffer.alloc(600 * 1024, 49) });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const found = await Promise.all([first, second, last].map((id) => scene.store.find(id)));
      expect(found.map((record) => record !== null)).toEqual([false, true, true]);
      expect(calls).toBeGreaterThan(0);
    });
  });

  describe('among owners,', () => {
    beforeEach(() => scene.open());

    const orderOf = async (count: number): Promise<string> => {
      const order: string[] = [];
      for (let index = 0; index < count; index++) {
        const job = await scene.begun();
        order.push(job.owner);
        await job.end(FAILURE);
      }
      return order.join('');
    };

    it('gives each its turn, however many jobs another has', async () => {
      for (const owner of ['a', 'a', 'a', 'a', 'b', 'b', 'c']) {
        await scene.accepted(jobOf(owner));
      }
      expect(await orderOf(7)).toBe('abcabaa');
    });

    it('does not hold up the first job of who comes late', async () => {
      for (let index = 0; index < 10; index++) {
        await scene.accepted(jobOf('a'));
      }
      expect(await orderOf(4)).toBe('aaaa');
      await scene.accepted(jobOf('b'));
      await scene.accepted(jobOf('b'));
      expect((await orderOf(2)).includes('b')).toBe(true);
      expect((await orderOf(2)).includes('b')).toBe(true);
    });

    it('keeps the order within an owner', async () => {
      const ids: string[] = [];
      for (let index = 0; index < 5; index++) {
        ids.push((await scene.accepted(jobOf('a'))).id);
      }
      for (const id of ids) {
        const job = await scene.begun();
        expect(job.id).toBe(id);
        await job.end(FAILURE);
      }
    });

    it('has no more at work of an owner than its share of places', async () => {
      for (let index = 0; index < 4; index++) {
        await scene.accepted(jobOf('a', { maxPlaces: 2 }));
      }
      await scene.accepted(jobOf('b'));
      const jobs = [await scene.begun(), await scene.begun(), await scene.begun()];
      expect(jobs.map(({ owner }) => owner).sort()).toEqual(['a', 'a', 'b']);
      expect(await scene.source.take()).toBeNull();
      const [first, second] = jobs.filter(({ owner }) => owner === 'a');
      await first?.end(OUTCOME);
      const third = await scene.begun();
      expect(third.owner).toBe('a');
      expect(await scene.source.take()).toBeNull();
      await scene.store.cancel(second?.id ?? '');
      expect((await scene.begun()).owner).toBe('a');
    });

    it('has a share of places used by none of those that were cancelled while they waited', async () => {
      const held = await Promise.all(
        Array.from({ length: 3 }, () => scene.accepted(jobOf('a', { maxPlaces: 1 }))),
      );
      const job = await scene.begun();
      for (const { id } of held.filter(({ id }) => id !== job.id).slice(0, 1)) {
        await scene.store.cancel(id);
      }
      expect(await scene.source.take()).toBeNull();
      await job.end(OUTCOME);
      await scene.begun();
      expect(await scene.source.take()).toBeNull();
    });
  });

  describe('with a note,', () => {
    it('keeps it from the beginning until the job is forgotten, and has none of others', async () => {
      await scene.open({ ttlSeconds: 1 });
      const note = 'judge0:{"é":"\u{1f40d}"}';
      const { id } = await scene.accepted(jobOf('a', { note }));
      const { id: other } = await scene.accepted(jobOf('a'));
      expect(await scene.store.noteOf(id)).toBe(note);
      expect(await scene.store.noteOf(other)).toBeNull();
      expect(await scene.store.noteOf('0'.repeat(32))).toBeNull();
      const ended = await scene.run(jobOf('b', { note: 'kept' }), OUTCOME);
      expect(await scene.store.noteOf(ended)).toBe('kept');
      await until(async () => ((await scene.store.noteOf(ended)) === null ? true : null));
    });

    it('counts it as what waits, and as what is kept', async () => {
      await scene.open({ maxWaitingBytes: MIB });
      const large = jobOf('a', { note: 'n'.repeat(700_000) });
      await scene.accepted(large);
      expect((await scene.store.counts()).waitingBytes).toBeGreaterThan(700_000);
      expect(await scene.store.accept({ ...large, owner: 'b' })).toMatchObject({ kind: 'full' });
      const job = await scene.begun();
      expect((await scene.store.counts()).waitingBytes).toBe(0);
      await job.end(OUTCOME);
      expect((await scene.store.counts()).keptBytes).toBeGreaterThan(700_000);
    });
  });
}
