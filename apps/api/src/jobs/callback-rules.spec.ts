import { parseCallbackHost } from '../configuration/callback-options';
import { CallbackRules } from './callback-rules';

function rulesFor(...entries: readonly string[]): CallbackRules {
  return new CallbackRules(entries.flatMap((entry) => parseCallbackHost(entry) ?? []));
}

const rules = rulesFor('hooks.example.org', '*.example.com', 'other.example.net:8443', 'bücher.example');

describe('CallbackRules', () => {
  it.each([
    ['https://hooks.example.org/', 'hooks.example.org', 443, '/'],
    ['https://hooks.example.org', 'hooks.example.org', 443, '/'],
    ['https://hooks.example.org:443/a?b=c&d', 'hooks.example.org', 443, '/a?b=c&d'],
    ['HTTPS://Hooks.EXAMPLE.org/A', 'hooks.example.org', 443, '/A'],
    ['https://hooks.example.org./a', 'hooks.example.org', 443, '/a'],
    ['https://a.example.com/', 'a.example.com', 443, '/'],
    ['https://a.b.example.com/@x', 'a.b.example.com', 443, '/@x'],
    ['https://other.example.net:8443/', 'other.example.net', 8443, '/'],
    ['https://BÜCHER.example/ü', 'xn--bcher-kva.example', 443, '/%C3%BC'],
    ['https://xn--bcher-kva.example/', 'xn--bcher-kva.example', 443, '/'],
    ['https://hooks。example。org/', 'hooks.example.org', 443, '/'],
  ])('%s may be told', (url, host, port, path) => {
    expect(rules.problemOf(url)).toBeNull();
    expect(rules.targetOf(url)).toEqual({ host, port, path });
  });

  it.each([
    ['', 'must be an https URL'],
    ['hooks.example.org', 'must be an https URL'],
    ['http://hooks.example.org/', 'must be an https URL'],
    ['https:hooks.example.org/', 'must be an https URL'],
    ['https:///hooks.example.org/', 'must be an https URL'],
    ['//hooks.example.org/', 'must be an https URL'],
    ['ftp://hooks.example.org/', 'must be an https URL'],
    ['https://hooks.example.org:99999/', 'must be an https URL'],
    ['https://exa mple.org/', 'must have no spaces'],
    [' https://hooks.example.org/', 'must have no spaces'],
    ['https://hooks.example.org/a\nb', 'must have no spaces'],
    ['ht\ttps://hooks.example.org/', 'must have no spaces'],
    ['https://hooks.example.org\\@evil.example/', 'must have no spaces, backslashes'],
    ['https://hooks.exam\u00adple.org/', 'must have no spaces'],
    ['https://user@hooks.example.org/', 'must have no user'],
    ['https://user:pass@hooks.example.org/', 'must have no user'],
    ['https://@hooks.example.org/', 'must have no user'],
    ['https://hooks.example.org@evil.example/', 'must have no user'],
    ['https://hooks.example.org/#a', 'must have no fragment'],
    ['https://hooks.example.org/#', 'must have no fragment'],
    [
      `https://hooks.example.org/${'a'.repeat(2_048)}`,
      'must have at most 2048 characters, this one has 2074',
    ],
    ['https://hooks.example.org../', 'is an address, or no name'],
    ['https://hooks.example.org:8443/', 'names the host "hooks.example.org" at port 8443, which'],
    ['https://hooks.example.org:80/', 'at port 80'],
    ['https://other.example.net/', 'names the host "other.example.net", which'],
    ['https://example.com/', 'names the host "example.com", which'],
    ['https://evilexample.com/', 'names the host'],
    ['https://a.example.com.evil.example/', 'names the host'],
    ['https://xhooks.example.org/', 'names the host'],
    ['https://sub.hooks.example.org/', 'names the host'],
    ['https://localhost/', 'names the host'],
  ])('%s is refused: %s', (url, problem) => {
    expect(rules.problemOf(url)).toContain(problem);
    expect(rules.targetOf(url)).toBeNull();
  });

  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '8.8.8.8',
    '0',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
    '①②⑦.0.0.1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[2606:4700::1111]',
    '[64:ff9b::7f00:1]',
    '169.254.169.254',
  ])('https://%s/ is an address, and refused as one', (host) => {
    expect(rules.problemOf(`https://${host}/`)).toMatch(
      /^must name its host: ".+" is an address, or no name$/,
    );
  });

  it('says that there are none where no host is listed', () => {
    expect(rulesFor().problemOf('https://hooks.example.org/')).toContain('this service sends no callbacks');
    expect(rulesFor().targetOf('https://hooks.example.org/')).toBeNull();
  });
});
