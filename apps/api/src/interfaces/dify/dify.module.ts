import { Module } from '@nestjs/common';
import { DoorModule } from '../door/door.module';
import type { ServedInterface } from '../door/served-interface';
import { DifyController } from './dify.controller';
import { DIFY } from './dify.interface';

@Module({ imports: [DoorModule], controllers: [DifyController] })
export class DifyModule {}

export const SERVED: ServedInterface = { description: DIFY, module: DifyModule };
