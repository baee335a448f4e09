import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../../callers/caller';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION } from '../../configuration/configuration.constants';
import type { ForeignClient } from './foreign-client';

/** Clients that no request has sent: the service itself, for what its operator has put beside it. */
@Injectable()
export class InterfaceClients {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Pick<Configuration, 'sandbox'>) {}

  /**
   * Returns the service as a client, which has one place at a time.
   * @param id tells it from other callers; not an address, nor the name of a key
   */
  ofService(id: string, signal: AbortSignal): ForeignClient {
    const { limits, policyRules } = this.configuration.sandbox;
    const caller: Caller = { id, key: null, maxPlaces: 1, limits, policyRules, rate: null, version: 0 };
    return { caller, signal, trace: undefined };
  }
}
