import type { RunObserver } from '../run/run-observer';

/** What a run in a jail comes with. */
export interface Visit {
  /** When the request came, by `performance.now()`. */
  readonly requestedAt: number;
  readonly observer: RunObserver;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/** The same for one that may have to wait. */
export interface PatientVisit extends Visit {
  /** Ends the wait for a spare. */
  readonly patience: AbortSignal;
}
