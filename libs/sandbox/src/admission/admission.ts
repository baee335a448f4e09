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

/** Returns how many places one caller may hold: all but one, so that whoever comes next finds one. A single place has no rest. */
export function mostHeld({ maxConcurrency }: Pick<AdmissionOptions, 'maxConcurrency'>): number {
  return Math.max(1, maxConcurrency - 1);
}
