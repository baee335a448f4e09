import type { Admission } from './admission';
import { AdmissionQueue } from './admission-queue';
import { AdmissionRefused } from './admission-refused';
import type { Claim } from './claim';

/** A client that stays. */
const never = {
  aborted: false,
  throwIfAborted: () => undefined,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
} as unknown as AbortSignal;

function queueOf(maxConcurrency: number, maxQueue: number, queueTimeoutMs = 10_000): AdmissionQueue {
  return new AdmissionQueue({ maxConcurrency, maxQueue, queueTimeoutMs });
}

/** Settles the microtasks that a release sets off. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const CALL: Claim = { caller: 'somebody', kind: 'call', maxPlaces: null, version: 0 };
const OTHERS: Claim[] = ['a', 'b', 'c', 'd'].map((caller) => ({
  caller,
  kind: 'call',
  maxPlaces: null,
  version: 0,
}));

describe('AdmissionQueue', () => {
  it('admits at once while there are places', async () => {
    const queue = queueOf(3, 0);
    const claims = [CALL, CALL, ...OTHERS.slice(0, 1)].map((claim) => queue.acquire(claim, never));
    expect((await Promise.all(claims)).map(({ waitedMs }) => waitedMs)).toEqual([0, 0, 0]);
  });

  it('refuses as queue-full when all places are taken and nobody may wait', async () => {
    const queue = queueOf(1, 0);
    await queue.acquire(CALL, never);
    await expect(queue.acquire(CALL, never)).rejects.toMatchObject({
      reason: 'queue-full',
      retryAfterSeconds: 1,
    });
  });

  it('admits those who wait in the order in which they came', async () => {
    const queue = queueOf(1, 3);
    const order: number[] = [];
    const first = await queue.acquire(CALL, never);
    const waiting = [1, 2, 3].map(async (number) => {
      const admission = await queue.acquire(CALL, never);
      order.push(number);
      admission.release();
    });
    first.release();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });

  it('never has more at once than it may', async () => {
    const queue = queueOf(3, 100);
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const admission = await queue.acquire(OTHERS[index % OTHERS.length] ?? CALL, never);
        most = Math.max(most, ++running);
        await turn();
        running--;
        admission.release();
      }),
    );
    expect(most).toBe(3);
  });

  it('gives a place back only once, however often it is released', async () => {
    const queue = queueOf(1, 5);
    const first = await queue.acquire(CALL, never);
    const second = queue.acquire(CALL, never);
    const third = queue.acquire(CALL, never);
    first.release();
    first.release();
    await second;
    await turn();
    queue.close();
    await expect(third).rejects.toMatchObject({ reason: 'closed' });
  });

  it('refuses as queue-timeout when no place becomes free in time, and forgets who waited', async () => {
    const queue = queueOf(1, 1, 20);
    const first = await queue.acquire(CALL, never);
    await expect(queue.acquire(CALL, never)).rejects.toMatchObject({ reason: 'queue-timeout' });
    const next = queue.acquire(CALL, never);
    first.release();
    expect((await next).waitedMs).toBeGreaterThanOrEqual(0);
  });

  it('lets go of who cancels while waiting, and keeps its place in the queue free', async () => {
    const queue = queueOf(1, 1);
    const first = await queue.acquire(CALL, never);
    const controller = new AbortController();
    const cancelled = queue.acquire(CALL, controller.signal);
    controller.abort(new Error('gone'));
    await expect(cancelled).rejects.toThrow('gone');
    const next = queue.acquire(CALL, never);
    first.release();
    await expect(next).resolves.toBeDefined();
  });

  it('refuses a signal that has aborted already', async () => {
    await expect(queueOf(1, 1).acquire(CALL, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });

  it('refuses those who wait and those who come once it is closed; a place that is held stays', async () => {
    const queue = queueOf(1, 5);
    const held: Admission = await queue.acquire(CALL, never);
    const waiting = queue.acquire(CALL, never);
    queue.close();
    await expect(waiting).rejects.toMatchObject({ reason: 'closed' });
    await expect(queue.acquire(CALL, never)).rejects.toBeInstanceOf(AdmissionRefused);
    held.release();
  });

  it('tells when to retry from how long runs took and how many are ahead', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    try {
      const queue = queueOf(1, 2);
      const first = await queue.acquire(CALL, never);
      jest.advanceTimersByTime(4_000);
      first.release();
      await queue.acquire(CALL, never);
      const waiting = [queue.acquire(CALL, never), queue.acquire(CALL, never)].map((place) =>
        place.catch(() => undefined),
      );
      await expect(queue.acquire(CALL, never)).rejects.toMatchObject({ retryAfterSeconds: 12 });
      queue.close();
      await Promise.all(waiting);
    } finally {
      jest.useRealTimers();
    }
  });

  it('sends those who come away for longer when more come than find a place, and no longer once they stay away', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    try {
      const queue = queueOf(1, 0);
      const refusal = (): Promise<unknown> =>
        queue.acquire(CALL, never).catch((error: unknown) => (error as AdmissionRefused).retryAfterSeconds);
      const held = await queue.acquire(CALL, never);
      await expect(Promise.all([refusal(), refusal(), refusal(), refusal()])).resolves.toEqual([1, 2, 3, 4]);
      for (let n = 0; n < 200; n++) {
        await refusal();
      }
      await expect(refusal()).resolves.toBe(60);
      jest.advanceTimersByTime(60_000);
      await expect(refusal()).resolves.toBe(1);
      held.release();
    } finally {
      jest.useRealTimers();
    }
  });
});
