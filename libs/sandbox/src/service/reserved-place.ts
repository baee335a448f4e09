import type { Admission } from '../admission/admission';
import type { Claim } from '../admission/claim';
import type { ExecutionRequest } from '../run/run';
import type { Client } from './client';

/** `most`: all places but the last, which is for others that call; `all`: where nobody calls. */
export type PlacesOfJobs = 'most' | 'all';

/** An execution that has waited elsewhere. */
export interface JobExecution {
  /** By which it was known before: it becomes `execution.id`. */
  readonly id: string;
  readonly request: ExecutionRequest;
  readonly client: Client;
  readonly place: ReservedPlace;
  /** Called once the policy lets the script run, and waited for before it is handed over; where it rejects nothing runs. */
  readonly begin: () => Promise<void>;
  /** Go into the line of the log. */
  readonly facts?: object;
}

/** No other caller has it: their ids are addresses, or begin with `key:`. */
const CALLER_OF_JOBS = 'jobs';
let reserved = 0;

/**
 * Returns the claim to a place for a job. All jobs are one caller to the queue, which never leaves the last place to a
 * caller that has some; where they may have every place, each is a caller of its own.
 */
export function reservingClaim(share: PlacesOfJobs): Claim {
  const caller = share === 'all' ? `${CALLER_OF_JOBS} ${(reserved = (reserved + 1) % 1e9)}` : CALLER_OF_JOBS;
  return { caller, kind: 'batch', maxPlaces: null, version: 0 };
}

/** A place that is held for an execution which has not come yet. */
export class ReservedPlace {
  private isTaken = false;

  constructor(private readonly admission: Admission) {}

  /** Gives it back unused. Once an execution has taken it, which gives it back itself, this does nothing. */
  release(): void {
    if (!this.isTaken) {
      this.isTaken = true;
      this.admission.release();
    }
  }

  /**
   * Hands the place over to an execution. The time that it took to get it is not that of the execution, which came later.
   * @throws when it was taken or given back before: a place is for one execution
   */
  take(): Admission {
    if (this.isTaken) {
      throw new Error('a reserved place has been taken twice');
    }
    this.isTaken = true;
    return { waitedMs: 0, release: () => this.admission.release() };
  }
}
