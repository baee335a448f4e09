import { Module } from '@nestjs/common';
import { AnswersModule } from '../../answers/answers.module';
import { JobsModule } from '../../jobs/jobs.module';
import { RatesModule } from '../../rates/rates.module';
import { CheckedFields } from './checked-fields';
import { ForeignBodies } from './foreign-bodies';
import { InterfaceAnswers } from './interface-answers';
import { InterfaceClients } from './interface-clients';
import { InterfaceExecutions } from './interface-executions';
import { InterfaceJobs } from './interface-jobs';
import { InterfaceRates } from './interface-rates';
import { InterfaceSettings } from './interface-settings';

const PARTS = [
  CheckedFields,
  ForeignBodies,
  InterfaceAnswers,
  InterfaceClients,
  InterfaceExecutions,
  InterfaceJobs,
  InterfaceRates,
  InterfaceSettings,
];

/** What interfaces have of the service, and nothing else of it. */
@Module({
  imports: [AnswersModule, JobsModule, RatesModule],
  providers: PARTS,
  exports: PARTS,
})
export class DoorModule {}
