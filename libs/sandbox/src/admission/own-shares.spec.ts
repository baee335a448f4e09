import { setMaxListeners } from 'node:events';
import type { Admission } from './admission';
import { AdmissionQueue } from './admission-queue';
import type { Claim } from './claim';

/** A client that stays; many wait by it. */
const never = new AbortController().signal;
setMaxListeners(0, never);

function queueOf(maxConcurrency: number, maxQueue: number): AdmissionQueue {
  return new AdmissionQueue({ maxConcurrency, maxQueue, queueTimeoutMs: 10_000 });
}

/** Settles the microtasks that a release sets off. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const CALL: Claim = { caller: 'somebody', kind: 'call', maxPlaces: null, version: 0 };
const OTHER: Claim = { caller: 'somebody else', kind: 'call', maxPlaces: null, version: 0 };
const THIRD: Claim = { caller: 'a third', kind: 'call', maxPlaces: null, version: 0 };

describe('AdmissionQueue, for callers with a share of their own,', () => {
  it('never gives a caller more than its share, calls and batches together, whatever is free', async () => {
    const queue = queueOf(5, 10);
    const mine = (kind: Claim['kind']): Promise<Admission> =>
      queue.acquire({ ...CALL, kind, maxPlaces: 2 }, never);
    const [call] = await Promise.all([mine('call'), mine('batch')]);
    let served = 0;
    const waiting = [mine('call'), mine('batch')].map((one) => one.then(() => served++));
    await turn();
    expect(served).toBe(0);
    // Others have the rest, as ever: all but the last one.
    await Promise.all([1, 2].map(() => queue.acquire(OTHER, never)));
    // It is the end of a run of its own that lets it go on.
    call.release();
    await turn();
    expect(served).toBe(1);
    await expect(queue.acquire(THIRD, never)).resolves.toBeDefined();
    waiting.forEach((one) => void one.catch(() => undefined));
    queue.close();
  });

  it('tells a caller that waits for its own runs what its share is, and others nothing of it', async () => {
    const queue = queueOf(3, 1);
    const mine: Claim = { ...CALL, maxPlaces: 1 };
    await queue.acquire(mine, never);
    const waiting = queue.acquire(mine, never);
    expect(queue.refuseIfFull(mine)).toMatchObject({
      reason: 'queue-full',
      share: 1,
      own: { running: 1, waiting: 1 },
    });
    expect(queue.refuseIfFull(OTHER)).toBeNull();
    await Promise.all([OTHER, THIRD].map((claim) => queue.acquire(claim, never)));
    expect(queue.refuseIfFull(OTHER)).toMatchObject({ share: null });
    void waiting.catch(() => undefined);
    queue.close();
  });

  it('keeps no place for who comes again while nobody waits but for its own runs', async () => {
    const queue = queueOf(3, 10);
    const mine: Claim = { ...CALL, maxPlaces: 1 };
    await queue.acquire(mine, never);
    void queue.acquire(mine, never).catch(() => undefined);
    const its = await queue.acquire(OTHER, never);
    its.release();
    const both = Promise.all([1, 2].map(() => queue.acquire(THIRD, never)));
    // The second is the last one, which is for who has none: the first is free at once.
    await expect(Promise.race([both, turn()])).resolves.toBeUndefined();
    expect(queue.refuseIfFull(THIRD)).toBeNull();
    await expect(queue.acquire(OTHER, never)).resolves.toBeDefined();
    void both.catch(() => undefined);
    queue.close();
  });

  it('has the newest terms hold for what waits: a larger share at once, a smaller one from the next turn on', async () => {
    const queue = queueOf(5, 10);
    const order: string[] = [];
    const ask = (name: string, maxPlaces: number): Promise<Admission> =>
      queue.acquire({ ...CALL, maxPlaces }, never).then((admission) => {
        order.push(name);
        return admission;
      });
    const first = await ask('first', 1);
    const [second, third] = [ask('second', 1), ask('third', 1)];
    const fourth = ask('fourth', 3);
    await turn();
    // The ones before it go first, then it waits.
    expect(order).toEqual(['first', 'second', 'third']);
    const fifth = ask('fifth', 1);
    (await third).release();
    (await second).release();
    await turn();
    expect(order).toHaveLength(3);
    first.release();
    (await fourth).release();
    await fifth;
    expect(order).toEqual(['first', 'second', 'third', 'fourth', 'fifth']);
  });

  it('does not go back to older terms for a claim that comes late', async () => {
    const queue = queueOf(5, 10);
    const ask = (version: number, maxPlaces: number | null): Promise<Admission> =>
      queue.acquire({ ...CALL, version, maxPlaces }, never);
    const first = await ask(1, 4);
    await Promise.all([ask(1, 4), ask(2, 2)].map((one) => Promise.race([one, turn()])));
    const late = ask(1, 4);
    expect(await Promise.race([late.then(() => 'admitted'), turn()])).toBeUndefined();
    first.release();
    const next = await ask(3, null);
    next.release();
    await expect(late).resolves.toBeDefined();
  });

  it('does not go back to them either when more callers have come meanwhile than it knows', async () => {
    const queue = queueOf(5, 10);
    const ask = (version: number, maxPlaces: number): Promise<Admission> =>
      queue.acquire({ ...CALL, version, maxPlaces }, never);
    (await ask(2, 1)).release();
    for (let n = 0; n < 5_000; n++) {
      (await queue.acquire({ ...OTHER, caller: `passer-by ${n}` }, never)).release();
    }
    const [, late] = [await ask(1, 4), ask(1, 4)];
    expect(await Promise.race([late.then(() => 'admitted'), turn()])).toBeUndefined();
    void late.catch(() => undefined);
    queue.close();
  });

  it.each([
    [1, 12],
    [2, 6],
  ])('tells a caller with a share of %s that its three calls take %s s', async (maxPlaces, seconds) => {
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    try {
      const queue = queueOf(9, 2);
      const first = await queue.acquire(CALL, never);
      jest.advanceTimersByTime(4_000);
      first.release();
      const mine: Claim = { ...CALL, maxPlaces };
      for (let n = 0; n < maxPlaces; n++) {
        await queue.acquire(mine, never);
      }
      [1, 2].forEach(() => void queue.acquire(mine, never).catch(() => undefined));
      expect(queue.refuseIfFull(mine)?.retryAfterSeconds).toBe(seconds);
      queue.close();
    } finally {
      jest.useRealTimers();
    }
  });
});
