import { Logger, type LoggerService } from '@nestjs/common';
import type { SandboxExecutor } from '../run/sandbox-executor';

/** What a probe found. */
export interface ProbeResult {
  readonly working: boolean;
  /** Why not, for the log and the operator; empty when it works. */
  readonly cause: string;
  /** When it was found, by `performance.now()`. */
  readonly at: number;
}

/** How long an answer is reused, so that frequent health checks cost nothing. */
const FRESH_MS = 3_000;

/**
 * Tries the sandbox for real, by the executor's self-test: a script that reports from inside. It passes the admission
 * queue by, in a place of its own, so that a busy service is still a ready one.
 */
export class SandboxProbe {
  private latest: ProbeResult | null = null;
  private running: Promise<ProbeResult> | null = null;

  constructor(
    private readonly executor: SandboxExecutor,
    /** Where changes between working and not working are told. */
    private readonly logger: Pick<LoggerService, 'log' | 'error'> = new Logger('SandboxProbe'),
  ) {}

  /** Returns a finding that is at most a few seconds old. Never rejects. */
  async check(): Promise<ProbeResult> {
    if (this.latest && performance.now() - this.latest.at < FRESH_MS) {
      return this.latest;
    }
    // Those who ask at the same time share one probe.
    this.running ??= this.probe().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async probe(): Promise<ProbeResult> {
    const { passed, cause } = await this.executor.selfTest();
    const result = { working: passed, cause, at: performance.now() };
    if (result.working !== this.latest?.working) {
      if (result.working) {
        this.logger.log(`The sandbox works (isolation: ${this.executor.isolation}).`);
      } else {
        this.logger.error(
          `The sandbox does not work, no script will run: ${result.cause}. ${this.executor.remedy}`,
        );
      }
    }
    this.latest = result;
    return result;
  }
}
