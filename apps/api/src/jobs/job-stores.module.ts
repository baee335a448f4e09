import {
  Global,
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { QUEUE_STATE } from '../health/queue-state';
import { CALLBACK_SOURCE, JOB_SOURCE, JOB_STORE, type JobStore } from './job-store';
import { MemoryJobStore } from './memory/memory-job-store';

const MIB = 1024 * 1024;

/** The store is there before anything asks for it, and goes when what used it has stopped. */
@Injectable()
export class JobStoreLifecycle implements OnModuleInit, OnApplicationShutdown {
  constructor(@Inject(JOB_STORE) private readonly store: JobStore) {}

  onModuleInit(): Promise<void> {
    return this.store.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.store.stop();
  }
}

/** Keeps asynchronous executions: in Redis where there is one, which all processes share, else in this process. */
@Global()
@Module({
  providers: [
    { provide: JOB_STORE, inject: [CONFIGURATION], useFactory: makeStore },
    { provide: JOB_SOURCE, useExisting: JOB_STORE },
    { provide: CALLBACK_SOURCE, useExisting: JOB_STORE },
    { provide: QUEUE_STATE, useExisting: JOB_STORE },
    JobStoreLifecycle,
  ],
  exports: [JOB_STORE, JOB_SOURCE, CALLBACK_SOURCE, QUEUE_STATE],
})
export class JobStoresModule {}

async function makeStore({ redis, jobs, http, sandbox }: Configuration): Promise<JobStore> {
  if (!redis) {
    return new MemoryJobStore(jobs);
  }
  // Not loaded where there is no Redis.
  const { RedisJobStore } = await import('./redis/redis-job-store.js');
  const { maxOutputBytes, maxResultBytes, maxArtifactBytes } = sandbox.limits;
  // A character of output can take six as it stands in JSON, and bytes in base64 take four for three.
  const maxEventBytes = 6 * maxOutputBytes + MIB;
  return new RedisJobStore({
    ...jobs,
    redis,
    maxBodyBytes: http.bodyLimitBytes,
    maxEventBytes,
    maxOutcomeBytes: maxEventBytes + maxResultBytes + Math.ceil((maxArtifactBytes * 4) / 3) + MIB,
  });
}
