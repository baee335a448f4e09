/** An attempt and its repetitions, in some four hours. */
export const MOST_ATTEMPTS = 8;

const FIRST_DELAY_MS = 5_000;
const FACTOR = 4;
const LONGEST_DELAY_MS = 7_200_000;
/** A receiver may ask to be left alone for so long. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;
/** Those who failed together do not come back together. */
const JITTER = 0.2;

/**
 * Returns how long to wait after an attempt that failed, in milliseconds.
 * @param attempt its number, from 1
 * @param retryAfterMs what the receiver asked for; null where it did not
 */
export function retryDelayMs(attempt: number, retryAfterMs: number | null): number {
  const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * FACTOR ** (attempt - 1));
  const jitter = 1 - JITTER + 2 * JITTER * Math.random();
  return Math.round(Math.max(delayMs * jitter, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS)));
}
