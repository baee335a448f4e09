import { isIP } from 'node:net';

/** Names that stand for networks. */
const NAMED: ReadonlyMap<string, readonly string[]> = new Map([['loopback', ['127.0.0.0/8', '::1']]]);

/** Whether a text names an address, a network in CIDR notation, or a name that stands for some. */
export function isNetwork(text: string): boolean {
  if (NAMED.has(text)) {
    return true;
  }
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const isWhole = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
  return family !== 0 && !address.includes('%') && more.length === 0 && isWhole;
}

/** Returns the addresses and networks that a text names, of which `isNetwork` is true. */
export function networksOf(text: string): readonly string[] {
  return NAMED.get(text) ?? [text];
}
