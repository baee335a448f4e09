import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
/** A network hands out so much of an address at once: whoever has one has all that begin so. */
const NETWORK_GROUPS = 4;

/** Returns the address that a request is connected from, of IPv6 its /64: what tells callers without a key apart. */
export function addressOf({ socket }: IncomingMessage): string {
  // Gone already: its request is not answered.
  const address = socket.remoteAddress ?? '';
  return address.includes(':') ? networkOf(address) : address;
}

function networkOf(address: string): string {
  const ipv4 = address.replace(MAPPED_IPV4, '');
  return isIPv6(ipv4) ? `${groupsOf(ipv4).slice(0, NETWORK_GROUPS).join(':')}::/64` : ipv4;
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
