import type { Rate } from '../configuration/rates-options';

/** Whether a request is let in, and how its caller's rate stands with it. */
export interface RateVerdict {
  readonly isAllowed: boolean;
  /** So many more requests are let in at once. */
  readonly remaining: number;
  /** After so long all requests of the rate are let in again; more than 0. */
  readonly resetMs: number;
}

/**
 * Counts the requests of callers in windows of their rates. A window begins with the first request that comes while there
 * is none, and lets in as many as the rate has. What is refused is not counted.
 */
export interface RateCounter {
  /** Counts a request. Null: whether it is within the rate is not known. Never throws, and never rejects. */
  take(callerId: string, rate: Rate): RateVerdict | null | Promise<RateVerdict | null>;
}
