import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { CallbackRules } from '../jobs/callback-rules';
import { CALLBACK_SOURCE, type CallbackSource, JOB_STORE, type JobStore } from '../jobs/job-store';
import { CallbackAttempts } from './callback-attempts';
import { CallbackDispatch } from './callback-dispatch';
import { CallbackLine } from './callback-line';
import { CallbackMetrics } from './callback-metrics';
import { CallbackSender } from './callback-sender';

/** Sends callbacks from the start of the service to its end. */
@Injectable()
export class Callbacks implements OnApplicationBootstrap, OnApplicationShutdown {
  private running: { readonly line: CallbackLine; readonly dispatch: CallbackDispatch } | null = null;

  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Pick<Configuration, 'jobs' | 'redis' | 'http'>,
    @Inject(CALLBACK_SOURCE) private readonly source: CallbackSource,
    @Inject(JOB_STORE) private readonly store: JobStore,
    private readonly sender: CallbackSender,
    private readonly metrics: CallbackMetrics,
  ) {}

  onApplicationBootstrap(): void {
    const { source, store, sender, metrics } = this;
    const { redis, jobs } = this.configuration;
    if (!redis || !jobs.callbackSecret) {
      throw new Error('Callbacks are sent by ROLE=callbacks, with REDIS_URL and CALLBACK_SECRET');
    }
    const rules = new CallbackRules(jobs.callbackHosts);
    const attempts = new CallbackAttempts({
      source,
      store,
      rules,
      sender,
      metrics,
      master: jobs.callbackSecret,
    });
    const line = new CallbackLine({
      redis,
      make: (id, attempt) => attempts.make(id, attempt),
      failed: (...what) => attempts.failed(...what),
    });
    const dispatch = new CallbackDispatch(source, line, metrics);
    dispatch.start();
    this.running = { line, dispatch };
  }

  async onApplicationShutdown(): Promise<void> {
    this.running?.dispatch.stop();
    await this.running?.line.stop(this.configuration.http.shutdownGraceMs);
  }
}

/** For ROLE=callbacks only. */
@Module({})
export class CallbacksModule {
  /** @param imports what provides JOB_STORE and CALLBACK_SOURCE, where no global module does */
  static forRoot(imports: Exclude<ModuleMetadata['imports'], undefined> = []): DynamicModule {
    return {
      module: CallbacksModule,
      imports,
      providers: [
        { provide: CallbackSender, useFactory: () => new CallbackSender() },
        CallbackMetrics,
        Callbacks,
      ],
    };
  }
}
