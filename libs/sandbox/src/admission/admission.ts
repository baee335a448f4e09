/** A place among the runs. Give it back exactly once; more often does no harm. */
export interface Admission {
  /** How long the place was waited for, milliseconds. */
  readonly waitedMs: number;
  release(): void;
}

export interface AdmissionOptions {
  /** Runs at once. */
  readonly maxConcurrency: number;
  /** Calls that may wait. */
  readonly maxQueue: number;
  /** How long a call may wait, milliseconds. */
  readonly queueTimeoutMs: number;
}
