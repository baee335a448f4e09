import type { Admission, AdmissionOptions, Occupancy } from '../admission/admission';
import { AdmissionQueue } from '../admission/admission-queue';
import { AdmissionRefused, type Standing } from '../admission/admission-refused';
import type { Claim } from '../admission/claim';
import { ExecutionFailure } from './execution-failure';
import { unavailable } from './failure-of-outcome';

/** The places of executions, with refusals in the words of the API. */
export class Places {
  private readonly queue: AdmissionQueue;

  constructor(private readonly options: AdmissionOptions) {
    this.queue = new AdmissionQueue(options);
  }

  get occupancy(): Occupancy {
    return this.queue.occupancy;
  }

  /** Waits for a place. @throws ExecutionFailure where there is none in time; the signal's reason when it aborts first. */
  async acquire(claim: Claim, signal: AbortSignal): Promise<Admission> {
    try {
      return await this.queue.acquire(claim, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AdmissionRefused) || error.reason === 'closed') {
        throw unavailable('the service is shutting down');
      }
      throw this.busy(error);
    }
  }

  /**
   * Returns the refusal of a request that would find no place, in the queue neither, null where it would find one. It
   * costs next to nothing, for a server that gets many times more requests than it can serve.
   */
  refuseIfFull(claim: Claim): ExecutionFailure | null {
    const refusal = this.queue.refuseIfFull(claim);
    return refusal && this.busy(refusal);
  }

  /** Refuses whoever waits or comes from now on. */
  close(): void {
    this.queue.close();
  }

  private busy({ reason, retryAfterSeconds, own, all, share }: AdmissionRefused): ExecutionFailure {
    const { queueTimeoutMs } = this.options;
    const waited =
      reason === 'queue-timeout' ? `this one has waited for ${queueTimeoutMs / 1000} seconds, ` : '';
    const advice = own.running + own.waiting > 0 ? 'Send fewer at once, or retry later.' : 'Retry later.';
    return new ExecutionFailure(
      'SANDBOX_BUSY',
      `The sandbox is busy: ${waited}${told(all)}${ofThem(own)}.${this.ruleFor(own, all, share)} ${advice}`,
      { retryAfterSeconds },
    );
  }

  /** The rule that keeps a place from a caller which seems to be free. */
  private ruleFor(own: Standing, all: Standing, share: number | null): string {
    const { maxConcurrency } = this.options;
    if (share !== null && own.running >= share) {
      return ` Your key has ${share} ${share === 1 ? 'place' : 'places'}.`;
    }
    const isKept = own.running > 0 && all.running < maxConcurrency;
    return isKept ? ` The last of ${maxConcurrency} places is kept for who has none.` : '';
  }
}

function told({ running, waiting }: Standing): string {
  return `${running} ${running === 1 ? 'script is' : 'scripts are'} running and ${waiting} waiting`;
}

/** Scripts of the caller itself are what it can do something about. */
function ofThem({ running, waiting }: Standing): string {
  return running + waiting > 0 ? `, of them ${running} and ${waiting} yours` : '';
}
