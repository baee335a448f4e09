import { Module } from '@nestjs/common';
import { AnswersModule } from '../../answers/answers.module';
import { ExecutionRequestPipe } from '../../executions/execution-request.pipe';
import { RUNNING_JOBS } from '../../shutdown/running-jobs';
import { JobOutcomes } from './job-outcomes';
import { JobRequests } from './job-requests';
import { JobRunner } from './job-runner';
import { JobWorker } from './job-worker';

/** Runs asynchronous executions in this process. */
@Module({
  imports: [AnswersModule],
  providers: [
    ExecutionRequestPipe,
    JobRequests,
    JobOutcomes,
    JobRunner,
    JobWorker,
    { provide: RUNNING_JOBS, useExisting: JobWorker },
  ],
  exports: [RUNNING_JOBS],
})
export class WorkerModule {}
