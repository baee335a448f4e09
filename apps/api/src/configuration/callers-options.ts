import { resolve } from 'node:path';
import type { EnvironmentReader } from './environment';
import { isNetwork } from './network';

/** How many runs there may be at once, of the service and of one key. */
export const PLACES_RANGE = { min: 1, max: 1024 } as const;

/** Who may call, and what for. */
export interface CallersOptions {
  /** The file of keys; null where the service has none. */
  readonly keysFile: string | null;
  /** Whether the service must not start without keys. */
  readonly requireApiKey: boolean;
  /** Addresses, networks and `loopback`: who is believed when it says for whom it forwards a request. */
  readonly trustedProxies: readonly string[];
  /** Whether `GET /` and `GET /modules` need a key. */
  readonly metadataAccess: 'open' | 'key';
  /** Whether the documentation needs a key; `off`: it is not served. */
  readonly docsAccess: 'open' | 'key' | 'off';
}

export function readCallers(reader: EnvironmentReader): CallersOptions {
  const file = reader.text('API_KEYS_FILE');
  const requireApiKey = reader.flag('REQUIRE_API_KEY', false);
  const metadataAccess = reader.oneOf('METADATA_ACCESS', ['open', 'key'], 'open');
  const docsAccess = reader.oneOf('DOCS_ACCESS', ['open', 'key', 'off'], 'open');
  if (file === undefined) {
    const needing = {
      REQUIRE_API_KEY: requireApiKey && 'true',
      METADATA_ACCESS: metadataAccess === 'key' && 'key',
      DOCS_ACCESS: docsAccess === 'key' && 'key',
    };
    for (const [name, value] of Object.entries(needing)) {
      if (value) {
        reader.problem(
          name,
          value,
          'API_KEYS_FILE beside it: "npm run keys -- add NAME" makes that file',
          null,
        );
      }
    }
  }
  return {
    keysFile: file === undefined ? null : resolve(file),
    requireApiKey,
    trustedProxies: readProxies(reader),
    metadataAccess,
    docsAccess,
  };
}

function readProxies(reader: EnvironmentReader): readonly string[] {
  const networks = reader.list('TRUSTED_PROXIES', []);
  for (const network of networks.filter((name) => !isNetwork(name))) {
    reader.problem(
      'TRUSTED_PROXIES',
      network,
      'addresses such as 10.0.0.7, networks such as 10.0.0.0/8 or fd00::/8, or loopback',
      null,
    );
  }
  return networks;
}
