import { readTypedAddress } from './typed-address';

const read = (typed: string): string => {
  const address = readTypedAddress(typed);
  return address.kind === 'address' ? address.url : `mistake: ${address.message}`;
};

describe('readTypedAddress', () => {
  it.each([
    ['http://localhost:8080', 'http://localhost:8080'],
    ['  https://api.example.org/ ', 'https://api.example.org'],
    ['https://example.org/pycell/', 'https://example.org/pycell'],
    ['/api', '/api'],
    ['./api/', './api'],
    ['/', '/'],
  ])('takes %p as it is meant', (typed, url) => {
    expect(read(typed)).toBe(url);
  });

  it('adds the scheme that a user leaves out', () => {
    expect(read('localhost:8080')).toBe('http://localhost:8080');
    expect(read('10.0.0.7:8080')).toBe('http://10.0.0.7:8080');
    expect(read('[::1]:8080/x')).toBe('http://[::1]:8080/x');
    expect(read('runner.home.arpa')).toBe('http://runner.home.arpa');
    expect(read('api:8080')).toBe('http://api:8080');
  });

  it.each(['api.example.org', 'api.example.org/pycell', '//api.example.org'])(
    'takes a public name for one with a certificate, wherever the page came from: %s',
    (typed) => {
      expect(read(typed)).toMatch(/^https:\/\/api\.example\.org(\/pycell)?$/);
    },
  );

  it.each(['http://h:1/execute', 'http://h:1/health/ready', 'http://h:1/docs#/x', 'http://h:1/?a=b'])(
    'takes the address of an endpoint for the one of the API: %s',
    (typed) => {
      expect(read(typed)).toBe('http://h:1');
    },
  );

  it.each(['', 'ftp://host', 'javascript://x', 'http://', 'http://a b', 'http://me:secret@host'])(
    'says what is wrong with %p',
    (typed) => {
      expect(read(typed)).toMatch(/^mistake: .+/);
    },
  );
});
