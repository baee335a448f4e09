import { COUNTED_MS, type Caller } from './caller';
import { RecentCount } from './recent-count';

/** How much the newest run counts in the average. */
const NEWEST_WEIGHT = 0.2;
/** Nobody is sent away for longer, however many come. Seconds. */
const LONGEST_RETRY_SECONDS = 60;

/** What is ahead of a caller that comes again. */
export interface Ahead {
  /** Calls of its own that wait. */
  readonly own: number;
  /** Places that are its share. */
  readonly share: number;
}

/** Estimates when one that found no place is likely to find one: from how long runs take, and from how many find none. */
export class RetryEstimate {
  private averageRunMs = 0;
  private readonly admitted = new RecentCount(COUNTED_MS);
  /** Callers rather than refusals: one that is refused again and again says nothing about the others. */
  private readonly turnedAway = new RecentCount(COUNTED_MS);

  noteRun(durationMs: number): void {
    this.averageRunMs =
      this.averageRunMs === 0
        ? durationMs
        : this.averageRunMs + NEWEST_WEIGHT * (durationMs - this.averageRunMs);
  }

  /** @param at now */
  noteAdmission(caller: Caller, at: number): void {
    this.admitted.add(at);
    caller.admitted.add(at);
  }

  /** Returns when a caller that is refused now should come again: seconds, at least 1. The refusal counts from now on. */
  refuse(caller: Caller, { own, share }: Ahead): number {
    const at = performance.now();
    const seconds = ((own + 1) * this.averageRunMs) / share / 1000;
    const retryAfterSeconds = Math.ceil(Math.max(1, seconds) * this.attemptsOf(caller, at));
    if (caller.turnedAway.now(at) < 1) {
      this.turnedAway.add(at);
    }
    caller.turnedAway.add(at);
    return Math.min(retryAfterSeconds, LONGEST_RETRY_SECONDS);
  }

  /**
   * Where more come than find a place, most of those who come back do not find one either: so often one would have to try.
   * It is the caller that comes too often, or there are too many callers.
   */
  private attemptsOf(caller: Caller, at: number): number {
    const own = caller.turnedAway.now(at) / Math.max(1, caller.admitted.now(at));
    // A single caller that is refused is itself, or one that comes too often.
    const all = Math.max(0, this.turnedAway.now(at) - 1) / Math.max(1, this.admitted.now(at));
    return 1 + Math.round(10 * Math.max(own, all)) / 10;
  }
}
