import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ErrorAnswers } from './error-answers';
import { ErrorFilter } from './error.filter';

/** What all features share: how errors are answered. */
@Global()
@Module({
  providers: [ErrorAnswers, { provide: APP_FILTER, useClass: ErrorFilter }],
  exports: [ErrorAnswers],
})
export class HttpModule {}
