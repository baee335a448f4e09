import { Module } from '@nestjs/common';
import { JobsModule } from '../../jobs/jobs.module';
import { CheckedFields } from './checked-fields';
import { ForeignBodies } from './foreign-bodies';
import { InterfaceClients } from './interface-clients';
import { InterfaceExecutions } from './interface-executions';
import { InterfaceJobs } from './interface-jobs';

/** What interfaces have of the service, and nothing else of it. */
@Module({
  imports: [JobsModule],
  providers: [CheckedFields, ForeignBodies, InterfaceClients, InterfaceExecutions, InterfaceJobs],
  exports: [CheckedFields, ForeignBodies, InterfaceClients, InterfaceExecutions, InterfaceJobs],
})
export class DoorModule {}
