import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Configuration } from './configuration';
import { CONFIGURATION } from './configuration.constants';

/** Provides the `Configuration` everywhere. */
@Global()
@Module({})
export class ConfigurationModule {
  static forRoot(configuration: Configuration): DynamicModule {
    return {
      module: ConfigurationModule,
      providers: [{ provide: CONFIGURATION, useValue: configuration }],
      exports: [CONFIGURATION],
    };
  }
}
