import {
  AdmissionQueue,
  AdmissionRefused,
  type Admission,
  type AdmissionOptions,
} from '../admission/admission-queue';
import type { Claim } from '../admission/claim';
import { ExecutionFailure } from './execution-failure';
import { unavailable } from './failure-of-outcome';

/** The places of executions, with refusals in the words of the API. */
export class Places {
  private readonly queue: AdmissionQueue;

  constructor(private readonly options: AdmissionOptions) {
    this.queue = new AdmissionQueue(options);
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
   * Returns the refusal of a request that would find the queue full, null where it would not. It costs next to nothing,
   * for a server that gets many times more requests than it can serve.
   */
  refuseIfFull(claim: Claim): ExecutionFailure | null {
    const refusal = this.queue.refuseIfFull(claim);
    return refusal && this.busy(refusal);
  }

  /** Refuses whoever waits or comes from now on. */
  close(): void {
    this.queue.close();
  }

  private busy({ reason, retryAfterSeconds }: AdmissionRefused): ExecutionFailure {
    const { maxConcurrency, maxQueue, queueTimeoutMs } = this.options;
    const why =
      reason === 'queue-full'
        ? `${maxConcurrency} ${maxConcurrency === 1 ? 'script is' : 'scripts are'} running and ${maxQueue} waiting`
        : `no place became free within ${queueTimeoutMs / 1000} seconds`;
    return new ExecutionFailure('SANDBOX_BUSY', `The sandbox is busy: ${why}. Retry later.`, {
      retryAfterSeconds,
    });
  }
}
