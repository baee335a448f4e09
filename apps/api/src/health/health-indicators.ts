import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { SandboxProbe } from '@pycell/sandbox';
import { DrainState } from './drain-state';

/** What the health endpoints ask. Answers are public: causes are in the log. */
@Injectable()
export class HealthIndicators {
  private hasWorked = false;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly probe: SandboxProbe,
    private readonly drain: DrainState,
  ) {}

  /** Tries the sandbox, at most every few seconds. */
  async sandbox(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('sandbox');
    const { working } = await this.probe.check();
    this.hasWorked ||= working;
    return working
      ? indicator.up()
      : indicator.down({ message: 'The sandbox cannot run scripts; the log tells why' });
  }

  /** Up for good once the sandbox has worked. */
  async startup(): Promise<HealthIndicatorResult> {
    return this.hasWorked ? this.indicators.check('sandbox').up() : this.sandbox();
  }

  /** Down from the moment at which the service was told to stop. */
  shutdown(): HealthIndicatorResult {
    const indicator = this.indicators.check('shutdown');
    return this.drain.draining ? indicator.down({ message: 'The service is shutting down' }) : indicator.up();
  }
}
