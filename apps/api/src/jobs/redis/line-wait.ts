import { setTimeout as sleep } from 'node:timers/promises';
import type { JobWatches } from './job-watches';
import type { WaitingLine } from './waiting-line';

/** Who waits looks by itself so often, should it not hear that something waits. */
const LOOK_INTERVAL_MS = 1_000;

/**
 * How a worker waits without a place and without asking all the time: whoever adds to the line publishes that, and all who
 * wait look. BullMQ's own way, to block on its marker, takes a connection more, and who pops the marker has taken it from
 * the others, though it may have no place.
 */
export class LineWait {
  /** How often it had been said that something waits when there was nothing to take. */
  private emptyAt = -1;

  constructor(
    private readonly line: WaitingLine,
    private readonly watches: JobWatches,
  ) {}

  /** Returns what to tell `foundNothing`; ask before looking, so that nothing is missed in between. */
  get mark(): number {
    return this.watches.wakesSoFar;
  }

  /** The line is not asked again at once: it may hold something that nobody may take. */
  foundNothing(mark: number): void {
    this.emptyAt = mark;
  }

  /** Resolves when something may wait; rejects with the signal's reason. */
  async until(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      // Not AbortSignal.any: on Node 20 it keeps every signal that was ever made from one that lives as long as the service.
      const look = new AbortController();
      const stop = (): void => look.abort();
      signal.addEventListener('abort', stop, { once: true });
      const woken = new Promise<boolean>((resolve) => {
        const forget = this.watches.onWake(() => resolve(true));
        look.signal.addEventListener('abort', forget, { once: true });
      });
      try {
        if (this.emptyAt !== this.mark && (await this.line.length().catch(() => 0)) > 0) {
          return;
        }
        const later = sleep(LOOK_INTERVAL_MS, false, { signal: look.signal }).catch(() => false);
        const isWoken = await Promise.race([woken, later]);
        signal.throwIfAborted();
        this.emptyAt = -1;
        if (isWoken) {
          return;
        }
      } finally {
        signal.removeEventListener('abort', stop);
        look.abort();
      }
    }
  }
}
