import type { CallbackSource, PendingCallback } from '../jobs/job-store';
import type { CallbackLine } from './callback-line';
import type { CallbackMetrics } from './callback-metrics';

const INTERVAL_MS = 1_000;
/** So often all that is pending is looked through, for what was lost from the line, or came out of order. */
const WHOLE_INTERVAL_MS = 30_000;
const PAGE = 500;

/** Puts ends that are to be told into the line of callbacks, as they come. */
export class CallbackDispatch {
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> = Promise.resolve();
  private isStopped = false;
  private lastWholeAt = -Infinity;
  /** Where to go on: behind what was the last one a round before the last. Ends of one moment may come in any order. */
  private readonly lasts: [PendingCallback | null, PendingCallback | null] = [null, null];

  constructor(
    private readonly source: CallbackSource,
    private readonly line: Pick<CallbackLine, 'add' | 'length' | 'note'>,
    private readonly metrics: Pick<CallbackMetrics, 'pending'>,
  ) {}

  start(): void {
    this.round = this.runRound();
  }

  /** Resolves when nothing of it is under way. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer) {
      clearTimeout(this.timer);
    }
    await this.round;
  }

  private async runRound(): Promise<void> {
    try {
      await this.takeOver();
      this.metrics.pending = await this.line.length();
    } catch (error) {
      // Redis is gone; the next round tries again, and looks through everything.
      this.metrics.pending = null;
      this.lastWholeAt = -Infinity;
      this.line.note(error);
    }
    if (!this.isStopped) {
      this.timer = setTimeout(() => this.start(), INTERVAL_MS);
    }
  }

  private async takeOver(): Promise<void> {
    const now = performance.now();
    const isWhole = now - this.lastWholeAt >= WHOLE_INTERVAL_MS;
    let after = isWhole ? null : this.lasts[0];
    let page: readonly PendingCallback[];
    do {
      page = await this.source.pending(PAGE, after);
      await this.line.add(page.map(({ id }) => id));
      after = page.at(-1) ?? after;
    } while (page.length === PAGE && !this.isStopped);
    this.lasts.shift();
    this.lasts.push(after);
    if (isWhole) {
      this.lastWholeAt = now;
    }
  }
}
