import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
/** A network hands out so much of an address at once: whoever has one has all that begin so. */
const NETWORK_GROUPS = 4;

/** Returns an address without what IPv6 has around one of IPv4. */
export function plainAddress(address: string): string {
  return address.includes(':') ? address.replace(MAPPED_IPV4, '') : address;
}

/** Returns what tells callers without a key apart: their address, of IPv6 its /64. */
export function callerIdOf(address: string): string {
  return address.includes(':') ? networkOf(plainAddress(address)) : address;
}

function networkOf(address: string): string {
  if (!isIPv6(address)) {
    return address;
  }
  // A proxy may write them in another way than the kernel does: in capitals, or with zeros in front.
  const groups = groupsOf(address).slice(0, NETWORK_GROUPS);
  return `${groups.map((group) => parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Returns the eight groups of an IPv6 address, those that `::` stands for as `0`. */
function groupsOf(address: string): readonly string[] {
  const [unzoned = ''] = address.split('%');
  const [head = '', tail] = unzoned.split('::');
  const groups = (part = ''): string[] => (part === '' ? [] : part.split(':'));
  const left = groups(head);
  const right = groups(tail);
  const missing = Math.max(0, 8 - left.length - right.length);
  return tail === undefined ? left : [...left, ...Array<string>(missing).fill('0'), ...right];
}
