import { Inject, Injectable, Logger, Optional, type BeforeApplicationShutdown } from '@nestjs/common';
import { SandboxService } from '@pycell/sandbox';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { DrainState } from './drain-state';
import { OpenResponses } from './open-responses';
import { RUNNING_JOBS, type RunningJobs } from './running-jobs';

/** How long complete answers may take to reach their clients. */
const LAST_ANSWERS_MS = 2_000;

/**
 * The graceful shutdown: readiness fails first, runs in flight finish or are killed at the grace limit, their answers
 * are sent, and only then does the server close.
 *
 * A provider of the root module: Nest calls that module's hook first. Terminus fails every health check from its own
 * hook on, and liveness must hold while runs finish.
 */
@Injectable()
export class GracefulShutdown implements BeforeApplicationShutdown {
  private readonly logger = new Logger(GracefulShutdown.name);

  constructor(
    private readonly state: DrainState,
    private readonly responses: OpenResponses,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    /** Null where no scripts are run. */
    @Optional() @Inject(SandboxService) private readonly sandbox: SandboxService | null = null,
    /** Null where no asynchronous ones are. */
    @Optional() @Inject(RUNNING_JOBS) private readonly jobs: RunningJobs | null = null,
  ) {}

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    this.state.begin();
    const { shutdownGraceMs } = this.configuration.http;
    this.logger.log(`${signal ?? 'Shutdown'}: runs in flight have ${shutdownGraceMs / 1000} s to finish`);
    // Jobs first: none is taken any more, before a place for it would be refused. Each has its end when this settles.
    await Promise.all([this.jobs?.drain(shutdownGraceMs), this.sandbox?.drain(shutdownGraceMs)]);
    await this.responses.finished(LAST_ANSWERS_MS);
  }
}
