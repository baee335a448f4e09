import { Module } from '@nestjs/common';
import { JobsModule } from '../../jobs/jobs.module';
import { CheckedFields } from './checked-fields';
import { ForeignBodies } from './foreign-bodies';
import { InterfaceClients } from './interface-clients';
import { InterfaceExecutions } from './interface-executions';
import { InterfaceJobs } from './interface-jobs';
import { InterfaceSettings } from './interface-settings';

const PARTS = [
  CheckedFields,
  ForeignBodies,
  InterfaceClients,
  InterfaceExecutions,
  InterfaceJobs,
  InterfaceSettings,
];

/** What interfaces have of the service, and nothing else of it. */
@Module({
  imports: [JobsModule],
  providers: PARTS,
  exports: PARTS,
})
export class DoorModule {}
