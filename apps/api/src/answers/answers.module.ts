import { Module } from '@nestjs/common';
import { BatchAnswers } from './batch-answers';
import { ExecutionFailures } from './execution-failures';
import { LargeAnswers } from './large-answers';
import { StreamedAnswers } from './streamed-answers';

/** How executions are answered: at once, while they run, or many of them together. */
@Module({
  providers: [BatchAnswers, ExecutionFailures, LargeAnswers, StreamedAnswers],
  exports: [BatchAnswers, ExecutionFailures, LargeAnswers, StreamedAnswers],
})
export class AnswersModule {}
