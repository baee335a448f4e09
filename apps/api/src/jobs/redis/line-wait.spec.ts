import { getEventListeners } from 'node:events';
import type { JobWatches } from './job-watches';
import { LineWait } from './line-wait';
import type { WaitingLine } from './waiting-line';

describe('LineWait', () => {
  let wakes: Set<() => void>;
  let length: number;
  let wait: LineWait;

  beforeEach(() => {
    wakes = new Set();
    length = 0;
    const watches = {
      wakesSoFar: 0,
      onWake: (wake: () => void) => {
        wakes.add(wake);
        return () => void wakes.delete(wake);
      },
    };
    const line = { length: () => Promise.resolve(length) };
    wait = new LineWait(line as unknown as WaitingLine, watches as unknown as JobWatches);
  });

  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

  it('leaves nothing behind, however often it waits on one signal', async () => {
    const { signal } = new AbortController();
    const any = jest.spyOn(AbortSignal, 'any');
    for (let round = 0; round < 20; round++) {
      length = round % 2;
      const waiting = wait.until(signal);
      await settled();
      wakes.forEach((wake) => wake());
      await waiting;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(wakes.size).toBe(0);
    // What it makes is kept by the signal that it is made from.
    expect(any).not.toHaveBeenCalled();
    any.mockRestore();
  });

  it('ends with the reason of its signal, at once', async () => {
    const ending = new AbortController();
    const reason = new Error('it is over');
    const waiting = wait.until(ending.signal);
    await settled();
    const since = performance.now();
    ending.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    // By itself it looks after a second.
    expect(performance.now() - since).toBeLessThan(800);
    expect(wakes.size).toBe(0);
    await expect(wait.until(ending.signal)).rejects.toBe(reason);
  });
});
