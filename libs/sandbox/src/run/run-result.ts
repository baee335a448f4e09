import type { Outcome } from './outcome';

/** What is known of a run after its end. Times in milliseconds; measured by the service, not by the run. */
export interface RunResult {
  readonly outcome: Outcome;
  /** From the request until the script's clock started; the whole time when it never did. */
  readonly startMs: number;
  readonly runMs: number;
  /** From the script's end until its outcome and its output were complete. */
  readonly resultMs: number;
  readonly cpuMs?: number;
  readonly peakMemoryBytes?: number;
}
