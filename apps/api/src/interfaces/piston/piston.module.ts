import { Module } from '@nestjs/common';
import { DoorModule } from '../door/door.module';
import type { ServedInterface } from '../door/served-interface';
import { PistonController } from './piston.controller';
import { PISTON } from './piston.interface';

@Module({ imports: [DoorModule], controllers: [PistonController] })
export class PistonModule {}

export const SERVED: ServedInterface = { description: PISTON, module: PistonModule };
