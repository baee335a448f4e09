import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ErrorAnswers } from './error-answers';
import { ErrorFilter } from './error.filter';
import { FailedRequests } from './failed-requests';
import { ForeignForms } from './foreign-forms';
import { HeldBodies } from './held-bodies';
import { RequestBodies } from './request-bodies';

/** What all features share: how errors are answered, and what bodies may hold. */
@Global()
@Module({
  providers: [
    ErrorAnswers,
    FailedRequests,
    ForeignForms,
    HeldBodies,
    RequestBodies,
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
  exports: [ErrorAnswers, FailedRequests, ForeignForms, HeldBodies],
})
export class HttpModule {}
