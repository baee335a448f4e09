import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { SandboxProbe } from '@pycell/sandbox';
import { DrainState } from '../shutdown/drain-state';

/** What the health endpoints ask. Their answers are public: causes are in the log only. */
@Injectable()
export class HealthIndicators {
  private hasWorked = false;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly probe: SandboxProbe,
    private readonly shutdown: DrainState,
  ) {}

  /** Probes the sandbox by its self-test; a finding is reused for a few seconds. */
  async checkSandbox(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('sandbox');
    const { working } = await this.probe.check();
    this.hasWorked ||= working;
    return working
      ? indicator.up()
      : indicator.down({ message: 'The sandbox cannot run scripts; the log has the cause' });
  }

  /** Up for good once the sandbox has worked. */
  async checkStartup(): Promise<HealthIndicatorResult> {
    return this.hasWorked ? this.indicators.check('sandbox').up() : this.checkSandbox();
  }

  /** Down from the moment at which the service is told to stop. */
  checkShutdown(): HealthIndicatorResult {
    const indicator = this.indicators.check('shutdown');
    return this.shutdown.draining
      ? indicator.down({ message: 'The service is shutting down' })
      : indicator.up();
  }
}
