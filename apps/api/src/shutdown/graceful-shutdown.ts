import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { SandboxService } from '@pycell/sandbox';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { OpenResponses } from './open-responses';

/** How long complete answers may take to reach their clients. */
const LAST_ANSWERS_MS = 2_000;

/**
 * The graceful shutdown: readiness fails first, runs in flight finish or are killed at the grace limit, their answers
 * are sent, and only then does the server close.
 */
@Injectable()
export class GracefulShutdown implements BeforeApplicationShutdown {
  private readonly logger = new Logger(GracefulShutdown.name);
  private started = false;

  constructor(
    private readonly sandbox: SandboxService,
    private readonly responses: OpenResponses,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Whether the service has been told to stop. */
  get draining(): boolean {
    return this.started;
  }

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    this.started = true;
    const { shutdownGraceMs } = this.configuration.http;
    this.logger.log(`${signal ?? 'Shutdown'}: runs in flight have ${shutdownGraceMs / 1000} s to finish`);
    await this.sandbox.drain(shutdownGraceMs);
    await this.responses.finished(LAST_ANSWERS_MS);
  }
}
