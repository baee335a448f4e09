import { Logger } from '@nestjs/common';
import type { JobScripts } from './job-scripts';
import { isId, listOf, type Placed, placedOf, wholeOf } from './redis-answers';
import type { RedisLink } from './redis-link';
import { MAX_PRIORITY } from './scripts/prelude';
import { ID_PLACE, lostOutcome } from './stored-outcome';
import { LEASE_MS } from './taken-redis-job';

const INTERVAL_MS = 2_000;
/** Between two sweeps by Redis's clock there is no more, where Redis has answered all the time. */
const GAP_MS = 2 * INTERVAL_MS + 1_000;
/** What waits is looked for in the line so often. */
const PATIENCE_MS = 5_000;
const MOST = 100;
/** So many are forgotten in one step, while which Redis does nothing else; so many steps follow each other where there is more. */
const MOST_FORGOTTEN = 500;
const MOST_STEPS = 100;

export interface SweepOptions {
  readonly ttlMs: number;
  readonly maxKeptBytes: number;
}

/** Sweeps again and again: whoever finds something that nobody takes care of does so, whatever its role. */
export class Sweeper {
  private readonly logger = new Logger('Jobs');
  private timer: NodeJS.Timeout | null = null;
  private isStopped = false;
  /** Redis's time at the last one. */
  private last = 0;
  /** By `performance.now()`: leases are left alone until then. */
  private leasesFrom = 0;

  constructor(
    private readonly link: RedisLink,
    private readonly scripts: JobScripts,
    private readonly options: SweepOptions,
    private readonly admit: (placed: readonly Placed[]) => Promise<void>,
  ) {}

  start(): void {
    // Processes that start together do not sweep together for ever.
    const delayMs = INTERVAL_MS * (0.75 + Math.random() / 4);
    this.timer = setTimeout(() => {
      this.sweep()
        .catch(() => undefined)
        .finally(() => {
          if (!this.isStopped) {
            this.start();
          }
        });
    }, delayMs).unref();
  }

  stop(): void {
    this.isStopped = true;
    if (this.timer) {
      clearTimeout(this.timer);
    }
  }

  /**
   * Sweeps once, and again at once as long as there is more to be forgotten than one step may.
   * @throws JobStoreUnavailable
   */
  async sweep(): Promise<void> {
    for (let step = 0; step < MOST_STEPS && !this.isStopped; step++) {
      if (!(await this.step())) {
        return;
      }
    }
  }

  /** Returns whether there is more to be forgotten. */
  private async step(): Promise<boolean> {
    const { link, scripts, last } = this;
    const { ttlMs, maxKeptBytes } = this.options;
    const { httpStatus, facts, output } = lostOutcome(ID_PLACE);
    // Whoever holds leases has had the time of one to come back as well.
    const leases = link.steadyMs > LEASE_MS && performance.now() >= this.leasesFrom ? '1' : '0';
    const answer = await link.ask(() =>
      scripts.run(
        'sweep',
        MOST,
        leases,
        last,
        GAP_MS,
        PATIENCE_MS,
        ttlMs,
        maxKeptBytes,
        MOST_FORGOTTEN,
        httpStatus,
        facts,
        output,
        ID_PLACE,
      ),
    );
    const [now, placed, lost, isMore] = listOf(answer, 4);
    this.last = wholeOf(now);
    if (this.last - last > GAP_MS) {
      // Redis's clock was set, or it did not answer: every lease looks old until it has been renewed.
      this.leasesFrom = performance.now() + LEASE_MS;
    }
    for (const id of listOf(lost).filter(isId)) {
      this.logger.warn({ msg: 'an execution was lost with its worker', executionId: id });
    }
    await this.admit(placedOf(placed, MAX_PRIORITY));
    return isMore === 1;
  }
}
