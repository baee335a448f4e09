import { Module } from '@nestjs/common';
import { EarlyRefusals } from './early-refusals';
import { ExecutionsController } from './executions.controller';

@Module({ controllers: [ExecutionsController], providers: [EarlyRefusals] })
export class ExecutionsModule {}
