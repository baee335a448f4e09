import type { PycellError } from '../errors/pycell-error';

/** How often and how long a call is tried again by itself. */
export interface RetryOptions {
  /** Tries of one call, the first included: 4. */
  readonly attempts?: number;
  /** From the call to the last try, milliseconds: 30,000. Where the service asks for a longer wait, its error is thrown at once. */
  readonly totalMs?: number;
  /**
   * Whether a script is sent again as well whose connection was lost once it may have arrived, or that a gateway gave up (502,
   * 504). A run has no effects outside of itself, but it may take long, and count. false.
   */
  readonly lostRuns?: boolean;
}

/** Where the service names no time: doubled each time, up to the maximum. Milliseconds. */
const MIN_WAIT_MS = 250;
const MAX_WAIT_MS = 4_000;
/** Added at random, so that those who were refused together do not come back together. Milliseconds. */
const SPREAD_MS = 250;

/** What a call is like for whoever decides to repeat it. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** Since the call, milliseconds. */
  readonly elapsedMs: number;
  /** Whether it may be sent again whatever became of it: what only reads, and what is named by an idempotency key. */
  readonly isRepeatable: boolean;
}

/** Decides whether a call that failed is sent again, and when. */
export class RetryPolicy {
  private readonly options: Required<RetryOptions>;

  /** @throws RangeError that names the option that is none */
  constructor(options: RetryOptions | false) {
    // What is undefined says nothing, and is not spread over what holds.
    const { attempts = 4, totalMs = 30_000, lostRuns = false } = options || { attempts: 1 };
    this.options = { attempts, totalMs, lostRuns };
    if (!Number.isInteger(attempts) || attempts < 1) {
      throw new RangeError(`retry.attempts is ${attempts}: it is a whole number from 1`);
    }
    if (!(totalMs >= 0)) {
      throw new RangeError(`retry.totalMs is ${totalMs}: it is a number of milliseconds from 0`);
    }
  }

  /** @returns milliseconds to wait before the next try; null where there is none */
  waitMs(error: PycellError, attempt: Attempt): number | null {
    const { attempts, totalMs, lostRuns } = this.options;
    if (attempt.number >= attempts) {
      return null;
    }
    if (!isInvited(error) && !(isPassing(error) && (!error.mayHaveRun || attempt.isRepeatable || lostRuns))) {
      return null;
    }
    const told = error.retryAfterSeconds;
    const base =
      told === null ? Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** (attempt.number - 1)) : told * 1_000;
    const waitMs = base + Math.random() * SPREAD_MS;
    return attempt.elapsedMs + waitMs <= totalMs ? waitMs : null;
  }
}

/** The contract calls these safe to repeat, whoever says them. A sandbox that was lost under the run is one of them. */
function isInvited({ status }: PycellError): boolean {
  return status === 429 || status === 503;
}

/** Whether another try may have another answer. Of 500 nothing is known but that it failed. */
function isPassing({ kind, status }: PycellError): boolean {
  return kind === 'network' || status === 502 || status === 504;
}
