import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { OpenResponses } from '../http/open-responses';
import { DrainState } from './drain-state';
import { HealthController } from './health.controller';
import { HealthIndicators } from './health-indicators';

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [HealthIndicators, DrainState, OpenResponses],
})
export class HealthModule {}
