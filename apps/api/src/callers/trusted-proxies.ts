import { BlockList, isIP } from 'node:net';
import { networksOf } from '../configuration/network';
import { plainAddress } from './address';

/** Proxies between a client and us, at most; and the longest text of an address, with a port and brackets. */
const MAX_HOPS = 16;
const MAX_ENTRY_LENGTH = 64;
const IPV4_WITH_PORT = /^([\d.]+):\d{1,5}$/;
const IN_BRACKETS = /^\[([\da-f:.]+)\](?::\d{1,5})?$/i;

/** The proxies that tell the truth about whom they forward for. */
export class TrustedProxies {
  private readonly list = new BlockList();

  /** @param networks of which `isNetwork` is true */
  constructor(networks: readonly string[]) {
    for (const network of networks.flatMap(networksOf)) {
      const [address = '', bits] = network.split('/');
      if (bits === undefined) {
        this.list.addAddress(address, familyOf(address));
      } else {
        this.list.addSubnet(address, Number(bits), familyOf(address));
      }
    }
  }

  /**
   * Returns the address that a request comes from: that of its connection, or, where a trusted proxy has it, the last one
   * that is none of a trusted proxy. Each proxy adds at the end whom it was asked by; what stands before the first that
   * is not trusted could be anybody's invention.
   * @param connected the address of the connection
   * @param forwarded the header X-Forwarded-For, all lines of it joined by commas
   */
  addressBehind(connected: string, forwarded: string | undefined): string {
    let address = connected;
    let rest = forwarded ?? '';
    for (let hop = 0; hop < MAX_HOPS && rest !== '' && this.trusts(address); hop++) {
      const comma = rest.lastIndexOf(',');
      const next = addressIn(rest.slice(comma + 1));
      if (next === null) {
        break;
      }
      address = next;
      rest = rest.slice(0, Math.max(0, comma));
    }
    return address;
  }

  private trusts(address: string): boolean {
    return isIP(address) !== 0 && this.list.check(address, familyOf(address));
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

/** Returns the address that an entry of the header holds, perhaps with a port; null where it holds none. */
function addressIn(entry: string): string | null {
  if (entry.length > MAX_ENTRY_LENGTH) {
    return null;
  }
  const text = entry.trim();
  const address = plainAddress(IPV4_WITH_PORT.exec(text)?.[1] ?? IN_BRACKETS.exec(text)?.[1] ?? text);
  return isIP(address) === 0 ? null : address;
}
