import type { DynamicModule, Type } from '@nestjs/common';
import type { InterfaceDescription } from './interface-description';

/** What the file `NAME/NAME.module.ts` of an interface exports as `SERVED`. It is loaded where the interface is on. */
export interface ServedInterface {
  readonly description: InterfaceDescription;
  /** Has its controllers. It imports `DoorModule`. */
  readonly module: Type<unknown> | DynamicModule;
}
