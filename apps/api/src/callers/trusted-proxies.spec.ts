import { TrustedProxies } from './trusted-proxies';

const PROXIES = new TrustedProxies(['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.7']);

describe('TrustedProxies', () => {
  it.each([
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['::1', '203.0.113.9', '203.0.113.9'],
    ['192.0.2.7', '203.0.113.9', '203.0.113.9'],
    // From who is not trusted nothing is believed.
    ['203.0.113.1', '198.51.100.1', '203.0.113.1'],
    ['192.0.2.8', '198.51.100.1', '192.0.2.8'],
    ['', '198.51.100.1', ''],
    // The last that is no proxy; what stands before it was sent by it.
    ['127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '198.51.100.1,203.0.113.9 , 10.1.2.3,fd00::1', '203.0.113.9'],
    ['127.0.0.1', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    // Ports and brackets, as some proxies write them.
    ['127.0.0.1', '203.0.113.9:443', '203.0.113.9'],
    ['127.0.0.1', '[2001:db8::9]:443', '2001:db8::9'],
    ['127.0.0.1', '[2001:db8::9]', '2001:db8::9'],
    ['127.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '203.0.113.9, ::ffff:10.0.0.1', '203.0.113.9'],
    // What is no address ends the walk at the proxy that sent it.
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9, unknown, 10.0.0.3', '10.0.0.3'],
    ['127.0.0.1', '203.0.113.9,', '127.0.0.1'],
    ['127.0.0.1', '010.0.0.1', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9:x', '127.0.0.1'],
    ['127.0.0.1', `${' '.repeat(90)}203.0.113.9`, '127.0.0.1'],
  ])('a request from %s for %j comes from %s', (connected, forwarded, address) => {
    expect(PROXIES.addressBehind(connected, forwarded)).toBe(address);
  });

  it('walks no further than there are proxies', () => {
    const forwarded = ['203.0.113.9', ...Array<string>(16).fill('10.0.0.1')].join(',');
    expect(PROXIES.addressBehind('127.0.0.1', forwarded)).toBe('10.0.0.1');
  });
});
