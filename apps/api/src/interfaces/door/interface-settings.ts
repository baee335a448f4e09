import { Inject, Injectable } from '@nestjs/common';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION } from '../../configuration/configuration.constants';
import { readVersion } from '../../configuration/installation';

export { INTERFACE_SCRIPT_SIZE } from '../../configuration/interfaces-options';

/** What interfaces are told of the configuration. */
@Injectable()
export class InterfaceSettings {
  /** Of the service. */
  readonly version = readVersion();
  /** The folder with scripts of which each is a tool; null where there are none. */
  readonly toolsFolder: string | null;

  constructor(@Inject(CONFIGURATION) { interfaces }: Pick<Configuration, 'interfaces'>) {
    this.toolsFolder = interfaces.toolsFolder;
  }
}
