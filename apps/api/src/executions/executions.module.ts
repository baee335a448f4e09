import { Module } from '@nestjs/common';
import { AnswersModule } from '../answers/answers.module';
import { BatchController } from './batch.controller';
import { EarlyRefusals } from './early-refusals';
import { ExecutionsController } from './executions.controller';
import { ValidationController } from './validation.controller';

@Module({
  imports: [AnswersModule],
  controllers: [ExecutionsController, BatchController, ValidationController],
  providers: [EarlyRefusals],
})
export class ExecutionsModule {}
