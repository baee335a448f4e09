import { createRequire } from 'node:module';
import type { Configuration } from '../configuration/configuration';
import type { InterfaceName } from '../configuration/interfaces-options';
import type { ServedInterface } from './door/served-interface';

/** What does not serve requests to execute serves no interfaces either; a worker only knows their names. */
const SERVING = ['api', 'both'];

/** Loads the interfaces that are on. Nothing of the others is loaded, neither what they alone need. */
export function servedInterfaces({ interfaces, jobs }: Configuration): readonly ServedInterface[] {
  return SERVING.includes(jobs.role) ? interfaces.names.map(load) : [];
}

function load(name: InterfaceName): ServedInterface {
  const { SERVED } = createRequire(__filename)(`./${name}/${name}.module`) as { SERVED: ServedInterface };
  return SERVED;
}
