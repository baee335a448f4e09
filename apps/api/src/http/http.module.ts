import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ErrorAnswers } from './error-answers';
import { ErrorFilter } from './error.filter';
import { HeldBodies } from './held-bodies';
import { RequestBodies } from './request-bodies';

/** What all features share: how errors are answered, and what bodies may hold. */
@Global()
@Module({
  providers: [ErrorAnswers, HeldBodies, RequestBodies, { provide: APP_FILTER, useClass: ErrorFilter }],
  exports: [ErrorAnswers, HeldBodies],
})
export class HttpModule {}
