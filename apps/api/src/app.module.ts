import { type DynamicModule, Module } from '@nestjs/common';
import { SandboxModule } from '@pycell/sandbox';
import { LoggerModule } from 'nestjs-pino';
import { BodiesModule } from './bodies/bodies.module';
import { CallersModule } from './callers/callers.module';
import type { Configuration } from './configuration/configuration';
import { CONFIGURATION } from './configuration/configuration.constants';
import { ConfigurationModule } from './configuration/configuration.module';
import { ExecutionsModule } from './executions/executions.module';
import { readPolicyParser } from './executions/read-policy-parser';
import { HealthModule } from './health/health.module';
import { HttpModule } from './http/http.module';
import { loggerParams, ServiceLogger } from './logging';
import { ExecutionMetrics } from './metrics/execution-metrics';
import { MetricsModule } from './metrics/metrics.module';
import { JobsModule } from './jobs/jobs.module';
import { MetadataModule } from './metadata/metadata.module';
import { RatesModule } from './rates/rates.module';
import { GracefulShutdown } from './shutdown/graceful-shutdown';
import { ShutdownModule } from './shutdown/shutdown.module';
import { TracesModule } from './traces/traces.module';

/** The composition root: puts the service together from its configuration. */
@Module({})
export class AppModule {
  static forRoot(configuration: Configuration): DynamicModule {
    const sandbox = SandboxModule.forRoot({
      options: { inject: [CONFIGURATION], useFactory: ({ sandbox }: Configuration) => sandbox },
      readParser: readPolicyParser,
      observer: {
        inject: [ExecutionMetrics, CONFIGURATION],
        useFactory: (metrics: ExecutionMetrics, { metrics: { port } }: Configuration) =>
          port === null ? null : metrics,
      },
    });
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.forRoot(configuration),
        LoggerModule.forRoot(loggerParams(configuration.log)),
        { ...sandbox, global: true },
        MetricsModule,
        HttpModule,
        CallersModule,
        RatesModule,
        BodiesModule,
        ShutdownModule,
        TracesModule,
        ExecutionsModule,
        JobsModule,
        HealthModule,
        MetadataModule,
      ],
      providers: [ServiceLogger, GracefulShutdown],
    };
  }
}
