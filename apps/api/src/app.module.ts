import { createRequire } from 'node:module';
import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { SandboxModule } from '@pycell/sandbox';
import { LoggerModule } from 'nestjs-pino';
import { BodiesModule } from './bodies/bodies.module';
import type * as callbacks from './callbacks/callbacks.module';
import { CallersModule } from './callers/callers.module';
import type { Configuration } from './configuration/configuration';
import { CONFIGURATION } from './configuration/configuration.constants';
import { ConfigurationModule } from './configuration/configuration.module';
import type { Role } from './configuration/jobs-options';
import { ExecutionsModule } from './executions/executions.module';
import { readPolicyParser } from './executions/read-policy-parser';
import { HealthModule } from './health/health.module';
import { HttpModule } from './http/http.module';
import { servedInterfaces } from './interfaces/served-interfaces';
import { loggerParams, ServiceLogger } from './logging';
import { ExecutionMetrics } from './metrics/execution-metrics';
import { MetricsModule } from './metrics/metrics.module';
import { JobStoresModule } from './jobs/job-stores.module';
import { JobsModule } from './jobs/jobs.module';
import { WorkerModule } from './jobs/worker/worker.module';
import { MetadataModule } from './metadata/metadata.module';
import { RatesModule } from './rates/rates.module';
import { GracefulShutdown } from './shutdown/graceful-shutdown';
import { ShutdownModule } from './shutdown/shutdown.module';
import { TracesModule } from './traces/traces.module';

type Imports = NonNullable<ModuleMetadata['imports']>;

/** What answers requests to execute. */
const OF_API: Imports = [RatesModule, ExecutionsModule, JobsModule, MetadataModule];

/** What a process has by its role, besides what all have. What runs no scripts has no sandbox. */
const OF_ROLES: Readonly<Record<Role, () => Imports>> = {
  api: () => [sandboxModule(), ...OF_API],
  worker: () => [sandboxModule(), WorkerModule],
  both: () => [sandboxModule(), ...OF_API, WorkerModule],
  callbacks: () => [callbacksModule()],
};

/** The composition root: puts the service together from its configuration. */
@Module({})
export class AppModule {
  static forRoot(configuration: Configuration): DynamicModule {
    const { role } = configuration.jobs;
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.forRoot(configuration),
        LoggerModule.forRoot(loggerParams(configuration.log)),
        MetricsModule.forRole(role),
        HttpModule,
        CallersModule,
        BodiesModule,
        ShutdownModule,
        TracesModule,
        JobStoresModule,
        ...OF_ROLES[role](),
        ...servedInterfaces(configuration).map(({ module }) => module),
        HealthModule,
      ],
      providers: [ServiceLogger, GracefulShutdown],
    };
  }
}

/** Loaded where callbacks are sent only, with what signs them. */
function callbacksModule(): DynamicModule {
  const { CallbacksModule } = createRequire(__filename)('./callbacks/callbacks.module') as typeof callbacks;
  return CallbacksModule.forRoot();
}

function sandboxModule(): DynamicModule {
  const sandbox = SandboxModule.forRoot({
    options: { inject: [CONFIGURATION], useFactory: ({ sandbox }: Configuration) => sandbox },
    readParser: readPolicyParser,
    observer: {
      inject: [ExecutionMetrics, CONFIGURATION],
      useFactory: (metrics: ExecutionMetrics, { metrics: { port } }: Configuration) =>
        port === null ? null : metrics,
    },
  });
  return { ...sandbox, global: true };
}
