import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';

/** Of each family: what a connection is tried to is bounded, however many a name has. */
const MOST_TRIED = 4;
const QUERY_TIMEOUT_MS = 2_000;
const QUERY_TRIES = 2;

/** A name has no address, or its name servers do not answer. */
export class NameUnknown extends Error {
  override readonly name = 'NameUnknown';
}

/** A name has an address that must not be connected to. The address is not in the message: it tells of a network. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/** How names are resolved. */
export interface Resolution {
  /** Whether an address may be connected to. */
  readonly isAllowed: (address: string) => boolean;
  /** Name servers as `ADDRESS:PORT`; null: those of this machine. */
  readonly servers: readonly string[] | null;
}

/**
 * Resolves a name, once: what is returned has been checked, and is all that may be connected to. DNS is asked alone, not the
 * machine's file of hosts; a resolver of its own each time, so that names which are slow hold up no others.
 * @throws AddressRefused where any of its addresses is refused, NameUnknown
 */
export async function checkedAddresses(
  host: string,
  { isAllowed, servers }: Resolution,
  signal: AbortSignal,
): Promise<readonly LookupAddress[]> {
  const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
  if (servers) {
    resolver.setServers(servers);
  }
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [four, six] = await Promise.all([
      addressesOf(resolver.resolve4(host), 4),
      addressesOf(resolver.resolve6(host), 6),
    ]);
    const all = [...four, ...six];
    if (!all.every(({ address }) => isAllowed(address))) {
      throw new AddressRefused('an address of the name is not public');
    }
    if (all.length === 0) {
      throw new NameUnknown('the name has no address');
    }
    return [...four.slice(0, MOST_TRIED), ...six.slice(0, MOST_TRIED)];
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function addressesOf(query: Promise<readonly string[]>, family: 4 | 6): Promise<LookupAddress[]> {
  try {
    return (await query).map((address) => ({ address, family }));
  } catch {
    // It has none of this family, or nobody knows: the other one decides.
    return [];
  }
}
