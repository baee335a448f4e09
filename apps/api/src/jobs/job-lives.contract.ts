import { FAILURE, jobOf, OUTCOME, SOON_MS, type StoreScene } from './store-scene.contract';

/** From acceptance to the end. */
export function describeLives(scene: StoreScene): void {
  describe('from acceptance to the end,', () => {
    beforeEach(() => scene.open());

    it('accepts under an id of 128 bits, and knows the job at once', async () => {
      const [one, other] = [await scene.accepted(jobOf('a')), await scene.accepted(jobOf('a'))];
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
      expect(await scene.store.find(one.id)).toEqual(one);
      expect(scene.store.isThere).toBe(true);
    });

    it('knows nothing of what was never there', async () => {
      const { store } = scene;
      for (const id of ['0'.repeat(32), '', '__proto__', '*', 'a b\r\n', '{x}']) {
        expect(await store.find(id)).toBeNull();
        expect(await store.outcomeOf(id)).toBeNull();
        expect((await store.eventsAfter(id, 0, 2 ** 20)).events).toEqual([]);
        expect(await store.cancel(id)).toBeNull();
      }
    });

    it('hands over what was accepted, byte for byte', async () => {
      const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
      const { id } = await scene.accepted(jobOf('key:shop', { key: 'shop', body }));
      const job = await scene.taken();
      expect(job).toMatchObject({ id, owner: 'key:shop', key: 'shop' });
      expect(job.body.equals(body)).toBe(true);
      expect(job.ended.aborted).toBe(false);
    });

    it('tells what becomes of it', async () => {
      const { id, createdAt } = await scene.accepted(jobOf('a'));
      const job = await scene.taken();
      expect(await scene.store.find(id)).toMatchObject({ status: 'queued', startedAt: null });
      expect(await job.begin()).toBe(true);
      const running = await scene.store.find(id);
      expect(running).toMatchObject({ status: 'running', endedAt: null, httpStatus: null });
      expect(running?.startedAt).toBeGreaterThanOrEqual(createdAt);
      expect(await scene.store.outcomeOf(id)).toBeNull();
      expect(await job.end(OUTCOME)).toBe(true);
      const ended = await scene.store.find(id);
      expect(ended).toMatchObject({ status: 'succeeded', httpStatus: 200 });
      expect(ended?.endedAt).toBeGreaterThanOrEqual(running?.startedAt ?? Infinity);
      expect(ended?.expiresAt).toBe((ended?.endedAt ?? 0) + 60_000);
      const outcome = await scene.store.outcomeOf(id);
      expect(outcome).toEqual(OUTCOME);
      expect(outcome?.result?.toString()).toBe('[12345678901234567890,1.0]');
    });

    it('has one that has no result as failed, whether or not its script was handed over', async () => {
      const id = await scene.run(jobOf('a'), FAILURE);
      expect(await scene.store.find(id)).toMatchObject({ status: 'failed', httpStatus: 422 });
      expect(await scene.store.outcomeOf(id)).toEqual(FAILURE);
      const other = await scene.accepted(jobOf('a'));
      expect(await (await scene.taken()).end({ ...FAILURE, httpStatus: 400 })).toBe(true);
      const refused = await scene.store.find(other.id);
      expect(refused).toMatchObject({ status: 'failed', httpStatus: 400, startedAt: null });
    });

    it('gives each job to one worker only', async () => {
      const ids = await Promise.all(
        Array.from({ length: 20 }, () => scene.accepted(jobOf('a')).then(({ id }) => id)),
      );
      const jobs = await Promise.all(ids.map(() => scene.taken()));
      expect(jobs.map(({ id }) => id).sort()).toEqual(ids.sort());
      expect(await scene.source.take()).toBeNull();
    });

    it('lets a job begin once, however often it is asked, and end once', async () => {
      await scene.accepted(jobOf('a'));
      const job = await scene.taken();
      const begins = await Promise.all([job.begin(), job.begin(), job.begin()]);
      expect(begins.filter(Boolean)).toHaveLength(1);
      const ends = await Promise.all([job.end(OUTCOME), job.end(FAILURE)]);
      expect(ends.filter(Boolean)).toHaveLength(1);
      expect(await job.begin()).toBe(false);
    });

    it('has what is given back wait again, as the first of its owner', async () => {
      const ids = [await scene.accepted(jobOf('a')), await scene.accepted(jobOf('a'))].map(({ id }) => id);
      const job = await scene.taken();
      expect(job.id).toBe(ids[0]);
      await job.giveBack();
      expect(await scene.store.find(job.id)).toMatchObject({ status: 'queued' });
      const again = await scene.begun();
      expect(again.id).toBe(ids[0]);
      expect(again.body.equals(jobOf('a').body)).toBe(true);
      expect((await scene.taken()).id).toBe(ids[1]);
    });

    it('takes back nothing that has begun', async () => {
      await scene.accepted(jobOf('a'));
      const job = await scene.begun();
      await job.giveBack();
      expect(await scene.source.take()).toBeNull();
      expect(await scene.store.find(job.id)).toMatchObject({ status: 'running' });
    });

    it('wakes who waits for a job, and lets go of who does so no longer', async () => {
      const leaving = new AbortController();
      const left = scene.source.waiting(leaving.signal);
      const reason = new Error('stopped');
      leaving.abort(reason);
      await expect(left).rejects.toBe(reason);
      await expect(scene.source.waiting(leaving.signal)).rejects.toBe(reason);
      const waiting = scene.source.waiting(AbortSignal.timeout(SOON_MS));
      await scene.accepted(jobOf('a'));
      await expect(waiting).resolves.toBeUndefined();
    });

    it('counts', async () => {
      const { store } = scene;
      expect(await store.counts()).toEqual({ waiting: 0, running: 0, waitingBytes: 0, keptBytes: 0 });
      const body = Buffer.alloc(1_000, 32);
      await scene.accepted(jobOf('a', { body }));
      await scene.accepted(jobOf('b', { body }));
      const waiting = await store.counts();
      expect(waiting).toMatchObject({ waiting: 2, running: 0, keptBytes: 0 });
      expect(waiting.waitingBytes).toBeGreaterThanOrEqual(2_000);
      const job = await scene.begun();
      expect(await store.counts()).toMatchObject({ waiting: 1, running: 1 });
      await job.end({ ...OUTCOME, result: Buffer.alloc(10_000, 49) });
      const one = await store.counts();
      expect(one).toMatchObject({ waiting: 1, running: 0 });
      expect(one.keptBytes).toBeGreaterThanOrEqual(10_000);
      await store.cancel((await scene.taken()).id);
      expect(await store.counts()).toMatchObject({ waiting: 0, running: 0, waitingBytes: 0 });
    });
  });
}
