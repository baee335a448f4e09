import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { ExecutionRequestPipe } from '../executions/execution-request.pipe';
import { ShutdownModule } from '../shutdown/shutdown.module';
import { CallbackRules } from './callback-rules';
import { JobStreams } from './job-streams';
import { JobsController } from './jobs.controller';
import { Jobs } from './jobs.service';

/** Executions that are started by one request, and asked for by others. */
@Module({
  imports: [AnswersModule, ShutdownModule],
  controllers: [JobsController],
  providers: [
    Jobs,
    JobStreams,
    ExecutionRequestPipe,
    {
      provide: CallbackRules,
      inject: [CONFIGURATION],
      useFactory: ({ jobs }: Configuration) => new CallbackRules(jobs.callbackHosts),
    },
  ],
  exports: [CallbackRules, Jobs],
})
export class JobsModule {}
