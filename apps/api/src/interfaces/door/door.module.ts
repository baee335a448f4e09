import { Module } from '@nestjs/common';
import { JobsModule } from '../../jobs/jobs.module';
import { ForeignBodies } from './foreign-bodies';
import { InterfaceExecutions } from './interface-executions';
import { InterfaceJobs } from './interface-jobs';

/** What interfaces have of the service, and nothing else of it. */
@Module({
  imports: [JobsModule],
  providers: [ForeignBodies, InterfaceExecutions, InterfaceJobs],
  exports: [ForeignBodies, InterfaceExecutions, InterfaceJobs],
})
export class DoorModule {}
