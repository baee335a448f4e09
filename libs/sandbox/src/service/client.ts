import type { ExecutionLimits } from '@pycell/contracts';
import type { PolicyRules } from '@pycell/script-policy';

/** What a caller has of the service. */
export interface CallerTerms {
  /** Tells callers apart: places are shared out between them. */
  readonly id: string;
  /** Runs of it at once; null: no fewer than the queue gives to any. */
  readonly maxPlaces: number | null;
  /** What holds for its scripts and their runs: the service's limits, or less. */
  readonly limits: ExecutionLimits;
  /** By what its scripts are judged; null: by nothing, the jail alone decides. */
  readonly policyRules: PolicyRules | null;
  /**
   * Tells terms of one caller that have replaced others from those: the number is higher. `maxPlaces` of the newest holds
   * for what waits and runs already; all else stays, for an execution, as it was when its request came. 0 where they
   * are never replaced.
   */
  readonly version: number;
}

/** For whom something is executed. */
export interface Client {
  readonly caller: CallerTerms;
  /** Aborts when the client goes away; what is executed for it is killed then. */
  readonly signal: AbortSignal;
}
