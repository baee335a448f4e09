import { Module } from '@nestjs/common';
import { EarlyRefusals } from './early-refusals';
import { ExecutionsController } from './executions.controller';
import { ValidationController } from './validation.controller';

@Module({ controllers: [ExecutionsController, ValidationController], providers: [EarlyRefusals] })
export class ExecutionsModule {}
