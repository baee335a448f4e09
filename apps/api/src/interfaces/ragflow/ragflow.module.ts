import { Module } from '@nestjs/common';
import { DoorModule } from '../door/door.module';
import type { ServedInterface } from '../door/served-interface';
import { RagflowController } from './ragflow.controller';
import { RAGFLOW } from './ragflow.interface';

@Module({ imports: [DoorModule], controllers: [RagflowController] })
export class RagflowModule {}

export const SERVED: ServedInterface = { description: RAGFLOW, module: RagflowModule };
