import { inspect } from 'node:util';
import { ConfigurationError, readConfiguration, type Configuration } from './configuration';

const REDIS_URL = 'redis://127.0.0.1';
const SECRET = Buffer.alloc(32, 7).toString('base64');

function read(environment: NodeJS.ProcessEnv): Configuration['jobs'] {
  return readConfiguration({ REDIS_URL, ...environment }).jobs;
}

function problemsOf(environment: NodeJS.ProcessEnv): string {
  try {
    readConfiguration(environment);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return inspect(error);
  }
}

describe('CALLBACK_HOSTS', () => {
  it('is empty by default: there are no callbacks', () => {
    expect(read({}).callbackHosts).toEqual([]);
  });

  it('names hosts, names below them, and ports', () => {
    const text = 'Hooks.Example.org, *.example.com.,other.example.net:8443,,bücher.example';
    expect(read({ CALLBACK_HOSTS: text }).callbackHosts).toEqual([
      { name: 'hooks.example.org', isBelow: false, port: 443 },
      { name: 'example.com', isBelow: true, port: 443 },
      { name: 'other.example.net', isBelow: false, port: 8443 },
      { name: 'xn--bcher-kva.example', isBelow: false, port: 443 },
    ]);
  });

  it.each([
    'localhost',
    '*',
    '*.com',
    '*.*.example.org',
    'a.*.example.org',
    'https://hooks.example.org',
    'hooks.example.org/',
    'user@hooks.example.org',
    'hooks.example.org:0',
    'hooks.example.org:65536',
    'hooks.example.org:',
    '.example.org',
    'a..example.org',
    '-a.example.org',
    '8.8.8.8',
    '127.1',
    '0x7f.0x1',
    '[::1]',
    '::1',
    '10.0.0.0/8',
    'exa mple.org',
  ])('is refused where an entry is %s', (entry) => {
    const problems = problemsOf({ REDIS_URL, CALLBACK_HOSTS: `hooks.example.org,${entry}` });
    expect(problems).toContain(`CALLBACK_HOSTS is "${entry}", expected names with a dot in them`);
    expect(problems).not.toContain('is "hooks.example.org"');
  });

  it('needs Redis', () => {
    expect(problemsOf({ CALLBACK_HOSTS: 'hooks.example.org' })).toContain(
      'CALLBACK_HOSTS is "hooks.example.org", expected REDIS_URL beside it',
    );
  });
});

describe('CALLBACK_SECRET', () => {
  const sender = { ROLE: 'callbacks', CALLBACK_HOSTS: 'hooks.example.org' };

  it.each([SECRET, `whsec_${SECRET}`, SECRET.replace(/=+$/, '')])(
    'is read where callbacks are sent',
    (text) => {
      expect(read({ ...sender, CALLBACK_SECRET: text }).callbackSecret?.reveal()).toBe(text);
    },
  );

  it.each(['api', 'worker', 'both'])(
    'is not read by ROLE=%s, which runs scripts or has no use for it',
    (ROLE) => {
      expect(read({ ...sender, ROLE }).callbackSecret).toBeNull();
      expect(read({ ...sender, ROLE, CALLBACK_SECRET: SECRET }).callbackSecret).toBeNull();
    },
  );

  it.each([
    undefined,
    '',
    'secret',
    Buffer.alloc(31, 7).toString('base64'),
    Buffer.alloc(1025, 7).toString('base64'),
    `${SECRET}=`,
    `${SECRET}!`,
    `whsec_whsec_${SECRET}`,
    Buffer.alloc(33, 0xff).toString('base64url'),
    'pass phrase that is long enough to have 32 bytes when read',
  ])('stops the start of ROLE=callbacks where it is %s, without being shown', (text) => {
    const problems = problemsOf({ REDIS_URL, ...sender, CALLBACK_SECRET: text });
    expect(problems).toContain(
      'CALLBACK_SECRET is not valid (its value is not shown), expected at least 32 random bytes in base64',
    );
    if (text) {
      expect(problems).not.toContain(text);
    }
  });

  it('is of no use without hosts', () => {
    expect(problemsOf({ REDIS_URL, ROLE: 'callbacks', CALLBACK_SECRET: SECRET })).toContain(
      'ROLE is "callbacks", expected CALLBACK_HOSTS beside it',
    );
  });
});
