import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { SandboxModule } from '@pycell/sandbox';
import { LoggerModule } from 'nestjs-pino';
import type { Configuration } from './configuration/configuration';
import { CONFIGURATION } from './configuration/configuration.constants';
import { ConfigurationModule } from './configuration/configuration.module';
import { ExecutionsController } from './executions/executions.controller';
import { HealthModule } from './health/health.module';
import { ErrorFilter } from './http/error.filter';
import { loggerParams, ServiceLogger } from './logging';
import { MetadataController } from './metadata/metadata.controller';
import { MetadataService } from './metadata/metadata.service';
import { loadPolicy } from './script-policy';

/** Puts the service together from its configuration. */
@Module({})
export class AppModule {
  static forRoot(configuration: Configuration): DynamicModule {
    const sandbox = SandboxModule.forRoot({
      options: { inject: [CONFIGURATION], useFactory: ({ sandbox }: Configuration) => sandbox },
      policy: { useFactory: loadPolicy },
    });
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.forRoot(configuration),
        LoggerModule.forRoot(loggerParams(configuration.log)),
        { ...sandbox, global: true },
        HealthModule,
      ],
      controllers: [ExecutionsController, MetadataController],
      providers: [MetadataService, ServiceLogger, { provide: APP_FILTER, useClass: ErrorFilter }],
    };
  }
}
