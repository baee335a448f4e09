import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Admission } from './admission';
import { AdmissionQueue } from './admission-queue';
import type { Claim } from './claim';

/** A client that stays; many wait by it. */
const never = new AbortController().signal;
setMaxListeners(0, never);

function queueOf(maxConcurrency: number, maxQueue: number, queueTimeoutMs = 10_000): AdmissionQueue {
  return new AdmissionQueue({ maxConcurrency, maxQueue, queueTimeoutMs });
}

/** Settles the microtasks that a release sets off. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const CALL: Claim = { caller: 'somebody', kind: 'call', maxPlaces: null, version: 0 };
const BATCH: Claim = { caller: 'somebody', kind: 'batch', maxPlaces: null, version: 0 };
const OTHER: Claim = { caller: 'somebody else', kind: 'call', maxPlaces: null, version: 0 };
const THIRD: Claim = { caller: 'a third', kind: 'call', maxPlaces: null, version: 0 };

describe('AdmissionQueue, among callers,', () => {
  it('keeps the last place for who has none, and gives a single one to anybody', async () => {
    const queue = queueOf(3, 0);
    await Promise.all([queue.acquire(CALL, never), queue.acquire(CALL, never)]);
    await expect(queue.acquire(CALL, never)).rejects.toMatchObject({
      reason: 'queue-full',
      own: { running: 2, waiting: 0 },
      all: { running: 2, waiting: 0 },
    });
    await expect(queue.acquire(OTHER, never)).resolves.toBeDefined();
    await expect(queueOf(1, 0).acquire(CALL, never)).resolves.toBeDefined();
  });

  it('counts the calls and the batches of a caller together', async () => {
    const queue = queueOf(3, 1);
    await Promise.all([queue.acquire(BATCH, never), queue.acquire(CALL, never)]);
    const waiting = [queue.acquire(BATCH, never), queue.acquire(CALL, never)];
    waiting.forEach((one) => void one.catch(() => undefined));
    await expect(queue.acquire(OTHER, never)).resolves.toBeDefined();
    queue.close();
    await expect(Promise.allSettled(waiting)).resolves.toMatchObject(Array(2).fill({ status: 'rejected' }));
  });

  it('serves the caller with fewest places first, then the one that was served least recently', async () => {
    const queue = queueOf(3, 10);
    const order: string[] = [];
    const ask = async (claim: Claim): Promise<Admission> => {
      const admission = await queue.acquire(claim, never);
      order.push(claim.caller);
      return admission;
    };
    const [mine, mineToo, theirs] = await Promise.all([ask(CALL), ask(CALL), ask(OTHER)]);
    order.length = 0;
    const [next] = [ask(CALL), ask(CALL), ask(OTHER)] as const;
    const third = ask(THIRD);
    mine.release();
    // It has none.
    (await third).release();
    await turn();
    // The others have one each: the last place stays free.
    expect(order).toEqual(['a third']);
    // Nor does one wait for what was kept for the third, longer than a moment.
    await delay(20);
    mineToo.release();
    await turn();
    theirs.release();
    await turn();
    (await next).release();
    await turn();
    expect(order).toEqual(['a third', 'somebody', 'somebody else', 'somebody']);
  });

  it('keeps a place for a moment for who has given back its only one', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'performance'] });
    try {
      const queue = queueOf(3, 10);
      const [first, second, its] = await Promise.all(
        [CALL, CALL, OTHER].map((claim) => queue.acquire(claim, never)),
      );
      let served = 0;
      const waiting = [1, 2].map(() => queue.acquire(CALL, never).then(() => served++));
      second?.release();
      await turn();
      // The last place is for who has none: this one is.
      expect(served).toBe(0);
      its?.release();
      await turn();
      expect(served).toBe(0);
      const again = await queue.acquire(OTHER, never);
      again.release();
      jest.advanceTimersByTime(4);
      await turn();
      expect(served).toBe(0);
      jest.advanceTimersByTime(1);
      await turn();
      expect(served).toBe(1);
      // Whose run ends, and who waits, has its own turn.
      first?.release();
      await Promise.all(waiting);
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not take a caller for a new one because it comes one call at a time', async () => {
    const queue = queueOf(1, 10);
    const flood = await queue.acquire(CALL, never);
    const mine = queue.acquire(CALL, never);
    const one = queue.acquire(OTHER, never);
    flood.release();
    (await mine).release();
    const admission = await one;
    const [next, again] = [queue.acquire(CALL, never), queue.acquire(OTHER, never)];
    admission.release();
    // It had its last one before the other had.
    const first = await Promise.race([next.then(() => 'flood'), again.then(() => 'one at a time')]);
    expect(first).toBe('flood');
    void again.catch(() => undefined);
    queue.close();
  });

  it('serves calls before batches, but a batch after eight calls that it could have had the place of', async () => {
    const queue = queueOf(1, 20);
    const held = await queue.acquire(CALL, never);
    const order: string[] = [];
    const claims = [BATCH, ...Array<Claim>(10).fill(CALL)].map(async (claim) => {
      const admission = await queue.acquire(claim, never);
      order.push(claim.kind);
      admission.release();
    });
    held.release();
    await Promise.all(claims);
    expect(order).toEqual([...Array<string>(8).fill('call'), 'batch', 'call', 'call']);
  });

  it.each([1, 3])('has no batch wait for the end of the batch of another: %s places', async (places) => {
    const queue = queueOf(places, 50);
    const served = new Map<Claim, number>();
    let turns = 0;
    // Each comes again as soon as it has had its place.
    const come = async (claim: Claim): Promise<void> => {
      while (turns < 400) {
        const admission = await queue.acquire(claim, never);
        turns++;
        served.set(claim, (served.get(claim) ?? 0) + 1);
        await turn();
        admission.release();
      }
    };
    const another: Claim = { caller: 'another', kind: 'batch', maxPlaces: null, version: 0 };
    const claims = Array.from({ length: 2 * places }, () => [CALL, BATCH, another]).flat();
    await Promise.all(claims.map(come));
    // One of nine turns of its caller at least.
    expect(served.get(BATCH)).toBeGreaterThan((served.get(CALL) ?? 0) / 12);
    expect(served.get(another)).toBeGreaterThan(20);
  });

  it('has the claims of a batch wait apart: without a bound, without a deadline, until they are taken back', async () => {
    const queue = queueOf(1, 1, 20);
    const held = await queue.acquire(CALL, never);
    const batch = [1, 2, 3].map(() => queue.acquire(BATCH, never));
    const cancelled = new AbortController();
    const gone = queue.acquire(BATCH, cancelled.signal);
    // They take no place in the queue, nor do they keep a call from its deadline.
    await expect(queue.acquire(CALL, never)).rejects.toMatchObject({ reason: 'queue-timeout' });
    cancelled.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    held.release();
    for (const claim of batch) {
      (await claim).release();
    }
  });

  it('gives a place in the full queue to one who has less in it, from the newest of who has most', async () => {
    const queue = queueOf(1, 3);
    const held = await queue.acquire(CALL, never);
    const [first, second, newest] = [1, 2, 3].map(() => queue.acquire(CALL, never));
    const other = queue.acquire(OTHER, never);
    await expect(newest).rejects.toMatchObject({
      reason: 'queue-full',
      own: { running: 1, waiting: 2 },
      all: { running: 1, waiting: 2 },
    });
    // Two to one is as fair as it gets: else both would push out each other for ever.
    await expect(queue.acquire(OTHER, never)).rejects.toMatchObject({ reason: 'queue-full' });
    await expect(queue.acquire(CALL, never)).rejects.toMatchObject({ reason: 'queue-full' });
    // Nor does one more address: who waits stays.
    const third = queue.acquire(THIRD, never);
    await expect(second).rejects.toMatchObject({ reason: 'queue-full' });
    await expect(
      queue.acquire({ caller: 'a fourth', kind: 'call', maxPlaces: null, version: 0 }, never),
    ).rejects.toMatchObject({
      reason: 'queue-full',
      own: { running: 0, waiting: 0 },
    });
    const served = [other, third, first].map(async (claim) => (await claim)?.release());
    held.release();
    await Promise.all(served);
  });

  it('tells a caller when to retry by what it has itself, not by the whole queue', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    try {
      const queue = queueOf(1, 5);
      const first = await queue.acquire(CALL, never);
      jest.advanceTimersByTime(4_000);
      first.release();
      await queue.acquire(CALL, never);
      const waiting = [CALL, CALL, CALL, OTHER, OTHER].map((claim) => queue.acquire(claim, never));
      waiting.forEach((one) => void one.catch(() => undefined));
      const refused = (claim: Claim): unknown => queue.refuseIfFull(claim)?.retryAfterSeconds;
      // Runs of 4 s, each caller has one in two: four and three of its own.
      expect(refused(CALL)).toBe(32);
      expect(refused(OTHER)).toBe(24);
      // One that is refused again and again learns that, and the others do not.
      for (let n = 0; n < 50; n++) {
        refused(CALL);
      }
      expect(refused(CALL)).toBe(60);
      expect(refused(OTHER)).toBeLessThan(60);
      queue.close();
    } finally {
      jest.useRealTimers();
    }
  });
});
