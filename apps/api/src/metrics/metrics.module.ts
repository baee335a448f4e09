import { Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { EngineMetrics } from './engine-metrics';
import { ExecutionMetrics } from './execution-metrics';
import { KeyMetrics } from './key-metrics';
import { MetricsServer } from './metrics-server';
import { ProcessMetrics } from './process-metrics';
import { RequestMetrics } from './request-metrics';

/** What the service tells of itself to who watches over it. The registry is its own: no library adds to it unasked. */
@Global()
@Module({
  providers: [
    { provide: Registry, useFactory: () => new Registry() },
    KeyMetrics,
    ExecutionMetrics,
    RequestMetrics,
    EngineMetrics,
    ProcessMetrics,
    MetricsServer,
  ],
  exports: [ExecutionMetrics, MetricsServer],
})
export class MetricsModule {}
