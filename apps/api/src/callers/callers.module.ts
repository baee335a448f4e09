import { Global, Module } from '@nestjs/common';
import { Callers } from './callers';

/** Who sends requests, and what each has of the service. */
@Global()
@Module({ providers: [Callers], exports: [Callers] })
export class CallersModule {}
