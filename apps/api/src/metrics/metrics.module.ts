import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { Role } from '../configuration/jobs-options';
import { JOB_OBSERVER } from '../jobs/job-observer';
import { RatesModule } from '../rates/rates.module';
import { EngineMetrics } from './engine-metrics';
import { ExecutionMetrics } from './execution-metrics';
import { JobMetrics } from './job-metrics';
import { KeyMetrics } from './key-metrics';
import { MetricsServer } from './metrics-server';
import { ProcessMetrics } from './process-metrics';
import { RelianceMetrics } from './reliance-metrics';
import { RequestMetrics } from './request-metrics';
import { SelfTestMetrics } from './self-test-metrics';

/** What the service tells of itself to who watches over it. The registry is its own: no library adds to it unasked. */
@Global()
@Module({})
export class MetricsModule {
  /** What has no sandbox, or no callers, has nothing to tell of it. */
  static forRole(role: Role): DynamicModule {
    const hasCallers = role === 'api' || role === 'both';
    const ofSandbox = role === 'callbacks' ? [] : [ExecutionMetrics, EngineMetrics, SelfTestMetrics];
    return {
      module: MetricsModule,
      imports: hasCallers ? [RatesModule] : [],
      providers: [
        { provide: Registry, useFactory: () => new Registry() },
        KeyMetrics,
        ...ofSandbox,
        ...(hasCallers ? [RequestMetrics] : []),
        RelianceMetrics,
        JobMetrics,
        { provide: JOB_OBSERVER, useExisting: JobMetrics },
        ProcessMetrics,
        MetricsServer,
      ],
      exports: [Registry, MetricsServer, JOB_OBSERVER, ...(role === 'callbacks' ? [] : [ExecutionMetrics])],
    };
  }
}
