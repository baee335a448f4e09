import type { JobEvent } from './job';
import { jobOf, OUTCOME, type StoreScene, until } from './store-scene.contract';

/** What clients hear, and what they end. */
export function describeTellings(scene: StoreScene): void {
  describe('of events,', () => {
    beforeEach(() => scene.open());

    it('keeps all of a job in order, from any number on', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      const job = await scene.begun();
      const told: JobEvent[] = [
        { type: 'start' },
        { type: 'stdout', text: 'a\n' },
        { type: 'stderr', text: 'b\u2028' },
        { type: 'stdout', text: 'ü' },
      ];
      told.forEach((event) => job.tell(event));
      await job.end(OUTCOME);
      const all = await scene.eventsOf(id);
      expect(all).toEqual(told);
      for (let after = 0; after <= told.length + 1; after++) {
        expect(await scene.eventsOf(id, after)).toEqual(told.slice(after));
      }
      expect(await scene.eventsOf(id, 2 ** 31)).toEqual([]);
    });

    it('gives them in pages, and tells how many there are', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      expect(await scene.store.extentOf(id)).toEqual({ told: 0, artifacts: 0 });
      const job = await scene.begun();
      job.tell({ type: 'start' });
      for (let index = 0; index < 10; index++) {
        job.tell({ type: index % 2 === 0 ? 'stdout' : 'stderr', text: 'x'.repeat(10_000) });
      }
      await job.end(OUTCOME);
      for (const [after, maxBytes] of [
        [0, 1],
        [3, 25_000],
        [10, 1_000_000],
      ] as const) {
        const { events, told } = await scene.store.eventsAfter(id, after, maxBytes, 'a');
        expect(told).toBe(11);
        expect(events.length).toBeGreaterThan(0);
        expect(events.length).toBeLessThanOrEqual(3);
      }
      expect(await scene.store.eventsAfter(id, 11, 1_000)).toEqual({ events: [], told: 11 });
      expect(await scene.store.extentOf(id)).toEqual({ told: 11, artifacts: OUTCOME.artifacts.length });
      for (const none of ['0'.repeat(32), 'x']) {
        expect(await scene.store.extentOf(none)).toBeNull();
        expect(await scene.store.eventsAfter(none, 0, 1_000)).toEqual({ events: [], told: 0 });
      }
    });

    it('shows them while it runs, and does not change what was shown', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      const job = await scene.begun();
      job.tell({ type: 'start' });
      job.tell({ type: 'stdout', text: 'one ' });
      await until(async () => ((await scene.textsOf(id)) === '>one ' ? true : null));
      const shown = await scene.eventsOf(id);
      job.tell({ type: 'stdout', text: 'two' });
      await until(async () => ((await scene.textsOf(id)) === '>one two' ? true : null));
      await job.end(OUTCOME);
      expect((await scene.eventsOf(id)).slice(0, shown.length)).toEqual(shown);
    });

    it('joins small pieces', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      const job = await scene.begun();
      job.tell({ type: 'start' });
      for (let piece = 0; piece < 5_000; piece++) {
        job.tell({ type: piece % 2 === 0 ? 'stdout' : 'stderr', text: piece % 2 === 0 ? 'o' : 'e' });
      }
      await job.end(OUTCOME);
      const events = await scene.eventsOf(id);
      expect(events.length).toBeLessThan(1_000);
      const text = await scene.textsOf(id);
      expect(text.replaceAll('e', '')).toBe(`>${'o'.repeat(2_500)}`);
      expect(text.replaceAll('o', '')).toBe(`>${'e'.repeat(2_500)}`);
    });

    it('takes none after the end', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      const job = await scene.begun();
      job.tell({ type: 'start' });
      await job.end(OUTCOME);
      job.tell({ type: 'stdout', text: 'late' });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await scene.textsOf(id)).toBe('>');
    });

    it('calls those who watch, until they do so no longer', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      const calls = [0, 0];
      const [stop, stopOther] = [0, 1].map((index) =>
        scene.store.watch(id, () => {
          calls[index] = (calls[index] ?? 0) + 1;
        }),
      );
      // What is told of who watches may still be on its way to a store beyond this process.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const job = await scene.begun();
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
      scene.store.watch('0'.repeat(32), () => undefined)();
    });
  });

  describe('cancelled,', () => {
    beforeEach(() => scene.open());

    it('is never taken where it waits', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      const other = await scene.accepted(jobOf('a'));
      const cancelled = await scene.store.cancel(id);
      expect(cancelled).toMatchObject({ id, status: 'cancelled', startedAt: null, httpStatus: null });
      expect(cancelled?.endedAt).not.toBeNull();
      expect(cancelled?.expiresAt).not.toBeNull();
      expect((await scene.taken()).id).toBe(other.id);
      expect(await scene.source.take()).toBeNull();
      expect(await scene.store.outcomeOf(id)).toBeNull();
    });

    it('does not begin where it has been taken', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      const job = await scene.taken();
      await scene.store.cancel(id);
      expect(await job.begin()).toBe(false);
      expect(await job.end(OUTCOME)).toBe(false);
      await job.giveBack();
      expect(await scene.source.take()).toBeNull();
      expect(await scene.store.find(id)).toMatchObject({ status: 'cancelled' });
    });

    it('tells who runs it, and stays so', async () => {
      const { id } = await scene.accepted(jobOf('a'));
      const job = await scene.begun();
      await scene.store.cancel(id);
      await until(() => Promise.resolve(job.ended.aborted ? true : null));
      expect(await job.end(OUTCOME)).toBe(false);
      expect(await scene.store.find(id)).toMatchObject({ status: 'cancelled', httpStatus: null });
      expect(await scene.store.outcomeOf(id)).toBeNull();
    });

    it('is left as it is where it has ended', async () => {
      const id = await scene.run(jobOf('a'));
      const before = await scene.store.find(id);
      expect(await scene.store.cancel(id)).toEqual(before);
      expect(await scene.store.outcomeOf(id)).toEqual(OUTCOME);
      const other = await scene.accepted(jobOf('a'));
      const once = await scene.store.cancel(other.id);
      expect(await scene.store.cancel(other.id)).toEqual(once);
    });
  });
}
