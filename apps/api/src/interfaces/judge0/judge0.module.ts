import { Module } from '@nestjs/common';
import { DoorModule } from '../door/door.module';
import type { ServedInterface } from '../door/served-interface';
import { InformationController } from './information.controller';
import { JUDGE0 } from './judge0.interface';
import { Submissions } from './submissions';
import { SubmissionsController } from './submissions.controller';
import { ToldSubmissions } from './told-submissions';

@Module({
  imports: [DoorModule],
  controllers: [SubmissionsController, InformationController],
  providers: [Submissions, ToldSubmissions],
})
export class Judge0Module {}

export const SERVED: ServedInterface = { description: JUDGE0, module: Judge0Module };
