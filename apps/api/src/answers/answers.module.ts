import { Module } from '@nestjs/common';
import { BatchAnswers } from './batch-answers';
import { ExecutionFailures } from './execution-failures';
import { StreamedAnswers } from './streamed-answers';

/** How executions are answered: at once, while they run, or many of them together. */
@Module({
  providers: [BatchAnswers, ExecutionFailures, StreamedAnswers],
  exports: [BatchAnswers, ExecutionFailures, StreamedAnswers],
})
export class AnswersModule {}
