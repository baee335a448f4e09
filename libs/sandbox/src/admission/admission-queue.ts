import { WaitingLine } from '../waiting/waiting-line';
import type { Claim } from './claim';
import { RecentCount } from './recent-count';

/** A place among the runs. Give it back exactly once; more often does no harm. */
export interface Admission {
  /** How long the place was waited for, milliseconds. */
  readonly waitedMs: number;
  release(): void;
}

/** There is no place: the queue is full, or its deadline passed. */
export class AdmissionRefused extends Error {
  override readonly name = 'AdmissionRefused';

  constructor(
    readonly reason: 'queue-full' | 'queue-timeout' | 'closed',
    /** When a place is likely, seconds; at least 1. */
    readonly retryAfterSeconds: number,
  ) {
    super(reason);
  }
}

export interface AdmissionOptions {
  /** Runs at once. */
  readonly maxConcurrency: number;
  /** Requests that may wait. */
  readonly maxQueue: number;
  /** How long one may wait, milliseconds. */
  readonly queueTimeoutMs: number;
}

/** How much the newest run counts in the average by which Retry-After is estimated. */
const NEWEST_WEIGHT = 0.2;
/** Over how long it is counted who found a place and who did not. Milliseconds. */
const COUNTED_MS = 2_000;
/** Nobody is sent away for longer, however many come. Seconds. */
const LONGEST_RETRY_SECONDS = 60;

/** Admits runs: first come first served, a bounded number at once, a bounded number waiting for a bounded time. */
export class AdmissionQueue {
  private readonly line = new WaitingLine<Admission>();
  private running = 0;
  private averageRunMs = 0;
  private readonly admitted = new RecentCount(COUNTED_MS);
  private readonly turnedAway = new RecentCount(COUNTED_MS);
  private closed = false;

  constructor(private readonly options: AdmissionOptions) {}

  /**
   * Waits for a place.
   * @throws AdmissionRefused when there is none; the signal's reason when it aborts meanwhile.
   */
  async acquire(_claim: Claim, signal: AbortSignal): Promise<Admission> {
    signal.throwIfAborted();
    if (this.closed) {
      throw this.refusal('closed');
    }
    if (this.isFull) {
      throw this.refusal('queue-full');
    }
    if (this.running < this.options.maxConcurrency) {
      return this.admit(0);
    }
    return this.line.wait(signal, {
      ms: this.options.queueTimeoutMs,
      refusal: () => this.refusal('queue-timeout'),
    });
  }

  /** Refuses one who has not asked yet, and would be refused: for a caller that has nothing to say for the queue. */
  refuseIfFull(_claim: Claim): AdmissionRefused | null {
    return this.isFull && !this.closed ? this.refusal('queue-full') : null;
  }

  private get isFull(): boolean {
    return this.running >= this.options.maxConcurrency && this.line.length >= this.options.maxQueue;
  }

  /** Refuses those who wait and those who come from now on; who has a place keeps it. */
  close(): void {
    this.closed = true;
    this.line.refuseAll(() => this.refusal('closed'));
  }

  private admit(waitedMs: number): Admission {
    this.running++;
    this.admitted.add();
    const startedAt = performance.now();
    let released = false;
    return {
      waitedMs,
      release: () => {
        if (!released) {
          released = true;
          this.noteDuration(performance.now() - startedAt);
          this.running--;
          this.admitNext();
        }
      },
    };
  }

  private admitNext(): void {
    if (this.running < this.options.maxConcurrency) {
      this.line.serve((waitedMs) => this.admit(waitedMs));
    }
  }

  private noteDuration(durationMs: number): void {
    this.averageRunMs =
      this.averageRunMs === 0
        ? durationMs
        : this.averageRunMs + NEWEST_WEIGHT * (durationMs - this.averageRunMs);
  }

  private refusal(reason: AdmissionRefused['reason']): AdmissionRefused {
    const ahead = this.line.length + 1;
    const seconds = (ahead * this.averageRunMs) / this.options.maxConcurrency / 1000;
    // Where more come than find a place, most of those who come back do not find one either: so often they would have to try.
    const attempts = 1 + Math.round((10 * this.turnedAway.now()) / Math.max(1, this.admitted.now())) / 10;
    this.turnedAway.add();
    const retryAfterSeconds = Math.ceil(Math.max(1, seconds) * attempts);
    return new AdmissionRefused(reason, Math.min(retryAfterSeconds, LONGEST_RETRY_SECONDS));
  }
}
