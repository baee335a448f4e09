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
import { MetadataModule } from './metadata/metadata.module';
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
    });
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.forRoot(configuration),
        LoggerModule.forRoot(loggerParams(configuration.log)),
        { ...sandbox, global: true },
        HttpModule,
        CallersModule,
        BodiesModule,
        ShutdownModule,
        TracesModule,
        ExecutionsModule,
        HealthModule,
        MetadataModule,
      ],
      providers: [ServiceLogger, GracefulShutdown],
    };
  }
}
