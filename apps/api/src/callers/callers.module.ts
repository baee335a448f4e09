import { Global, Module } from '@nestjs/common';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { Callers } from './callers';
import { Keys } from './keys';
import { RefusedKeys } from './refused-keys';

/** Who sends requests, and what each has of the service. */
@Global()
@Module({
  providers: [
    {
      provide: Keys,
      useFactory: (configuration: Configuration) => Keys.open(configuration),
      inject: [CONFIGURATION],
    },
    RefusedKeys,
    Callers,
  ],
  exports: [Callers],
})
export class CallersModule {}
