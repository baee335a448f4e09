import { stat } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterLoopTime } from './loop-time';

/** Keeps the event loop from running, as a long computation or a stopped process does. */
function stall(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

describe('afterLoopTime', () => {
  it('acts after that time', async () => {
    const began = performance.now();
    await new Promise<void>((resolve) => afterLoopTime(300, resolve));
    expect(performance.now() - began).toBeGreaterThan(295);
  });

  it('does not act when it is called off, nor when that happens at the last moment', async () => {
    const act = jest.fn();
    afterLoopTime(20, act).cancel();
    const late = afterLoopTime(20, act);
    setTimeout(() => setImmediate(() => late.cancel()), 20);
    await delay(60);
    expect(act).not.toHaveBeenCalled();
  });

  it('counts a stall of the loop as a quarter of a second', async () => {
    const act = jest.fn();
    const timer = afterLoopTime(600, act);
    stall(1_000);
    await delay(200);
    expect(act).not.toHaveBeenCalled();
    await delay(300);
    expect(act).toHaveBeenCalledTimes(1);
    timer.cancel();
  });

  it('lets be read first what came during a stall', async () => {
    const order: string[] = [];
    afterLoopTime(50, () => order.push('acted'));
    // Done in a thread: it is told in the phase in which the loop reads.
    stat(__filename, () => order.push('read'));
    stall(100);
    await delay(50);
    expect(order).toEqual(['read', 'acted']);
  });
});
