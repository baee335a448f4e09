import { Global, Module } from '@nestjs/common';
import { DrainState } from './drain-state';
import { OpenResponses } from './open-responses';

/** What is known of a shutdown, and of the answers that it must wait for. */
@Global()
@Module({ providers: [DrainState, OpenResponses], exports: [DrainState, OpenResponses] })
export class ShutdownModule {}
