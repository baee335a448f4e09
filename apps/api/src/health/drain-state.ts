import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { SandboxService } from '@pycell/sandbox';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { OpenResponses } from '../http/open-responses';

/** How long answers that are complete may take to reach their clients. */
const LAST_ANSWERS_MS = 2_000;

/**
 * The orderly end: readiness fails first, runs in flight finish or are killed at the grace limit, their answers go
 * out, and only then does the server close.
 */
@Injectable()
export class DrainState implements BeforeApplicationShutdown {
  private readonly logger = new Logger(DrainState.name);
  private started = false;

  constructor(
    private readonly sandbox: SandboxService,
    private readonly responses: OpenResponses,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

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
