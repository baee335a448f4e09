import { Logger } from '@nestjs/common';
import type { JobScripts } from './job-scripts';
import type { RedisLink } from './redis-link';
import { Sweeper } from './sweeper';

/** Redis's clock cannot be set in a test: in its place stands what SWEEP answers. */
class Answers {
  /** Whether each sweep might end leases. */
  readonly leases: unknown[] = [];
  now = 1_000_000;
  more = 0;
  placed: readonly unknown[] = [];
  lost: readonly unknown[] = [];

  run(name: string, ...args: readonly unknown[]): Promise<unknown> {
    expect(name).toBe('sweep');
    this.leases.push(args[1]);
    const isMore = this.more > 0;
    this.more--;
    return Promise.resolve([String(this.now), this.placed, this.lost, isMore ? 1 : 0]);
  }
}

describe('Sweeper', () => {
  const answers = (): readonly [Answers, Sweeper, unknown[]] => {
    const made = new Answers();
    const admitted: unknown[] = [];
    const link = { steadyMs: Infinity, ask: (call: () => unknown) => call() } as unknown as RedisLink;
    const sweeper = new Sweeper(
      link,
      made as unknown as JobScripts,
      { ttlMs: 1, maxKeptBytes: 1 },
      (placed) => {
        admitted.push(...placed);
        return Promise.resolve();
      },
    );
    return [made, sweeper, admitted];
  };

  beforeEach(() => {
    jest.useFakeTimers();
    Logger.overrideLogger(false);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it("leaves leases alone for as long as one is, once Redis's clock has made a step", async () => {
    const [made, sweeper] = answers();
    const sweepAfter = async (ms: number, step = 0): Promise<void> => {
      jest.advanceTimersByTime(ms);
      made.now += ms + step;
      await sweeper.sweep();
    };
    await sweepAfter(0);
    await sweepAfter(12_000);
    made.leases.length = 0;
    for (let count = 0; count < 6; count++) {
      await sweepAfter(2_000);
    }
    expect(made.leases.at(-1)).toBe('1');
    made.leases.length = 0;
    // The one that comes upon the step finds it by Redis's time.
    await sweepAfter(2_000, 60_000);
    for (let count = 0; count < 5; count++) {
      await sweepAfter(2_000);
    }
    expect(made.leases).toEqual(['1', '0', '0', '0', '0', '1']);
  });

  it('sweeps again at once while there is more to be forgotten', async () => {
    const [made, sweeper] = answers();
    made.more = 3;
    await sweeper.sweep();
    expect(made.leases).toHaveLength(4);
  });

  it('puts back what is ours beside what is not', async () => {
    const [made, sweeper, admitted] = answers();
    const id = 'a'.repeat(32);
    made.placed = ['x', '1', id, '2', 'b'.repeat(32), 'x'];
    made.lost = ['x'];
    await sweeper.sweep();
    expect(admitted).toEqual([{ id, priority: 2 }]);
  });
});
