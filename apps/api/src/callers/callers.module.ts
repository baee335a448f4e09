import { Global, Module } from '@nestjs/common';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { Callers } from './callers';
import { Keys } from './keys';
import { RefusedKeys } from './refused-keys';

/** Who sends requests, and what each has of the service. */
@Global()
@Module({
  providers: [{ provide: Keys, useFactory: Keys.open, inject: [CONFIGURATION] }, RefusedKeys, Callers],
  exports: [Callers],
})
export class CallersModule {}
