import { isPublicAddress, REFUSED_IPV4, REFUSED_IPV6 } from './public-address';

/** First and last address of a network of IPv4. */
function boundsOf(network: string, bits: number): readonly [string, string] {
  const first = network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [network, textOf(first + 2 ** (32 - bits) - 1)];
}

function textOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

/** An address of IPv4 in the last 32 bits of one of IPv6, in hexadecimal. */
function hexOf(address: string): string {
  const parts = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `${parts[0]}${parts[1]}:${parts[2]}${parts[3]}`;
}

describe('isPublicAddress', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.215.14',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
  ])('%s is', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    '126.255.255.255',
    '128.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '168.63.129.15',
  ])('%s is, beside a network that is not', (address) => expect(isPublicAddress(address)).toBe(true));

  it.each(['2606:4700:4700::1111', '2a00:1450:4001::200e', '2001:4860:4860::8888', '2600::', '3ffe::1'])(
    '%s is',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  describe.each(REFUSED_IPV4)('%s/%i, %s', (network, bits) => {
    it.each(boundsOf(network, bits))('has %s, which is not, in no form', (address) => {
      const hex = hexOf(address);
      for (const form of [
        address,
        `::ffff:${address}`,
        `::ffff:${hex}`,
        `::${address}`,
        `64:ff9b::${address}`,
        `64:ff9b::${hex}`,
        `64:ff9b:1::${address}`,
        `2002:${hex}::1`,
        `::ffff:0:${address}`,
        `2001::${hex}`,
        `fe80::5efe:${address}`,
      ]) {
        expect([form, isPublicAddress(form)]).toEqual([form, false]);
      }
    });
  });

  it.each([...REFUSED_IPV6])('%s/%i, %s, is not', (network) => {
    expect(isPublicAddress(network)).toBe(false);
    expect(isPublicAddress(`${network}1`)).toBe(false);
  });

  it.each([
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '64:ff9b:1::1',
    '64:ff9b::',
    '64:ff9b::1:0:0',
    '100::1',
    '100:0:0:1::1',
    '2001::1',
    '2001:2::1',
    '2001:10::1',
    '2001:20::1',
    '2001:30::1',
    '2001:1ff:ffff::',
    '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    '2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    '3fff:fff:ffff::',
    '4000::',
    '5f00::1',
    'fc00::1',
    'fd00:ec2::254',
    'fdff:ffff::1',
    'fe80::1',
    'fe80::1%lo',
    '2606:4700::1%eth0',
    'fec0::1',
    'ff02::1',
    'ff0e::1',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));

  it('takes an address of IPv4 behind NAT64 for what it is', () => {
    expect(isPublicAddress('64:ff9b::8.8.8.8')).toBe(true);
    expect(isPublicAddress('64:ff9b::808:808')).toBe(true);
    expect(isPublicAddress('64:ff9b::10.0.0.1')).toBe(false);
  });

  it.each([
    '',
    'localhost',
    'example.org',
    '8.8.8',
    '0x08.8.8.8',
    '1.1.1.1 ',
    '[::1]',
    '2606:4700::1111/128',
  ])('%p is no address', (text) => expect(isPublicAddress(text)).toBe(false));
});
