import { BlockList, isIP } from 'node:net';

type Network = readonly [network: string, bits: number, what: string];

/**
 * What is not a host of the public internet. From the IANA IPv4 Special-Purpose Address Registry
 * (https://www.iana.org/assignments/iana-ipv4-special-registry), and the multicast and reserved ranges of the IPv4 Address Space
 * Registry. Networks that are reachable everywhere and hold no web servers are refused with the rest.
 */
export const REFUSED_IPV4: readonly Network[] = [
  ['0.0.0.0', 8, 'this network (RFC 791)'],
  ['10.0.0.0', 8, 'private (RFC 1918)'],
  ['100.64.0.0', 10, 'shared address space, carrier-grade NAT (RFC 6598)'],
  ['127.0.0.0', 8, 'loopback (RFC 1122)'],
  ['169.254.0.0', 16, 'link-local, metadata of clouds (RFC 3927)'],
  ['172.16.0.0', 12, 'private (RFC 1918)'],
  ['192.0.0.0', 24, 'IETF protocol assignments (RFC 6890)'],
  ['192.0.2.0', 24, 'documentation (RFC 5737)'],
  ['192.31.196.0', 24, 'AS112 (RFC 7535)'],
  ['192.52.193.0', 24, 'automatic multicast tunneling (RFC 7450)'],
  ['192.88.99.0', 24, '6to4 relays (RFC 7526)'],
  ['192.168.0.0', 16, 'private (RFC 1918)'],
  ['192.175.48.0', 24, 'AS112 (RFC 7534)'],
  ['198.18.0.0', 15, 'benchmarks (RFC 2544)'],
  ['198.51.100.0', 24, 'documentation (RFC 5737)'],
  ['203.0.113.0', 24, 'documentation (RFC 5737)'],
  ['224.0.0.0', 4, 'multicast (RFC 5771)'],
  ['240.0.0.0', 4, 'reserved, and broadcast (RFC 1112)'],
  // In no registry: a public address that answers inside of Azure's virtual networks only, with secrets of the machine.
  ['168.63.129.16', 32, "Azure's platform"],
];

/** Only from here addresses of IPv6 are given out to hosts: IANA IPv6 Address Space Registry. All else is refused. */
const GLOBAL_UNICAST: Network = ['2000::', 3, 'global unicast (RFC 4291)'];

/** Within it: https://www.iana.org/assignments/iana-ipv6-special-registry */
export const REFUSED_IPV6: readonly Network[] = [
  ['2001::', 23, 'IETF protocol assignments: Teredo, benchmarks, ORCHID (RFC 2928)'],
  ['2001:db8::', 32, 'documentation (RFC 3849)'],
  ['2002::', 16, '6to4 (RFC 3056)'],
  ['2620:4f:8000::', 48, 'AS112 (RFC 7534)'],
  ['3fff::', 20, 'documentation (RFC 9637)'],
];

/** How a network without IPv4 shows the hosts that have nothing else (RFC 6052): the last 32 bits are their address. */
const NAT64 = /^\[64:ff9b::(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})\]$/;

const refused = new BlockList();
REFUSED_IPV4.forEach(([network, bits]) => refused.addSubnet(network, bits, 'ipv4'));
REFUSED_IPV6.forEach(([network, bits]) => refused.addSubnet(network, bits, 'ipv6'));
const unicast = new BlockList();
unicast.addSubnet(GLOBAL_UNICAST[0], GLOBAL_UNICAST[1], 'ipv6');

/** Whether an address, as a resolver returns it, is one of the public internet: no network that is somebody's own. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refused.check(address, 'ipv4');
    case 6:
      return isPublicIpv6(address);
    default:
      return false;
  }
}

function isPublicIpv6(address: string): boolean {
  if (address.includes('%')) {
    // Of a zone of this host.
    return false;
  }
  const [, high, low] = NAT64.exec(new URL(`http://[${address}]`).hostname) ?? [];
  if (low !== undefined) {
    const bits = [Number.parseInt(high ?? '0', 16), Number.parseInt(low, 16)];
    return isPublicAddress(bits.flatMap((half) => [half >> 8, half & 255]).join('.'));
  }
  return unicast.check(address, 'ipv6') && !refused.check(address, 'ipv6');
}
