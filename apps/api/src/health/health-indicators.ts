import { Inject, Injectable, Optional } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { SandboxProbe } from '@pycell/sandbox';
import { DrainState } from '../shutdown/drain-state';
import { QUEUE_STATE, type QueueState } from './queue-state';

/** What the health endpoints ask. Their answers are public: causes are in the log only. */
@Injectable()
export class HealthIndicators {
  private hasWorked = false;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly shutdown: DrainState,
    @Inject(QUEUE_STATE) private readonly queue: QueueState,
    /** Null where no scripts are run. */
    @Optional() @Inject(SandboxProbe) private readonly probe: SandboxProbe | null = null,
  ) {}

  get hasSandbox(): boolean {
    return this.probe !== null;
  }

  /** Probes the sandbox by its self-test; a finding is reused for a few seconds. */
  async checkSandbox(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('sandbox');
    const working = (await this.probe?.check())?.working ?? false;
    this.hasWorked ||= working;
    return working
      ? indicator.up()
      : indicator.down({ message: 'The sandbox cannot run scripts; the log has the cause' });
  }

  /** Up for good once the sandbox has worked. */
  async checkStartup(): Promise<HealthIndicatorResult> {
    return this.hasWorked ? this.indicators.check('sandbox').up() : this.checkSandbox();
  }

  /**
   * Whether what keeps asynchronous executions is there.
   * @param isNeeded false: the process has other things to do meanwhile, and is healthy; what is amiss is told all the same
   */
  checkQueue(isNeeded: boolean): HealthIndicatorResult {
    const indicator = this.indicators.check('queue');
    if (this.queue.isThere) {
      return this.queue.isFull
        ? indicator.up({
            message: 'Is full: until it has room, none is accepted, and what waits does not begin',
          })
        : indicator.up();
    }
    return isNeeded
      ? indicator.down({ message: 'The queue of asynchronous executions does not answer' })
      : indicator.up({
          message: 'Does not answer: asynchronous executions are refused until it does, others are served',
        });
  }

  /** Down from the moment at which the service is told to stop. */
  checkShutdown(): HealthIndicatorResult {
    const indicator = this.indicators.check('shutdown');
    return this.shutdown.draining
      ? indicator.down({ message: 'The service is shutting down' })
      : indicator.up();
  }
}
