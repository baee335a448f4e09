import { Global, Module } from '@nestjs/common';
import { Registry } from 'prom-client';
import { RatesModule } from '../rates/rates.module';
import { EngineMetrics } from './engine-metrics';
import { ExecutionMetrics } from './execution-metrics';
import { KeyMetrics } from './key-metrics';
import { MetricsServer } from './metrics-server';
import { ProcessMetrics } from './process-metrics';
import { RelianceMetrics } from './reliance-metrics';
import { RequestMetrics } from './request-metrics';
import { SelfTestMetrics } from './self-test-metrics';

/** What the service tells of itself to who watches over it. The registry is its own: no library adds to it unasked. */
@Global()
@Module({
  imports: [RatesModule],
  providers: [
    { provide: Registry, useFactory: () => new Registry() },
    KeyMetrics,
    ExecutionMetrics,
    RequestMetrics,
    EngineMetrics,
    SelfTestMetrics,
    RelianceMetrics,
    ProcessMetrics,
    MetricsServer,
  ],
  exports: [Registry, ExecutionMetrics, MetricsServer],
})
export class MetricsModule {}
