import { inspect } from 'node:util';
import { ConfigurationError, readConfiguration } from './configuration';

function problemsOf(url: string): string {
  try {
    readConfiguration({ REDIS_URL: url });
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return inspect(error);
  }
}

describe('REDIS_URL', () => {
  it.each([
    ['redis://cache', { host: 'cache', port: 6379, tls: false, username: null, password: null, database: 0 }],
    ['redis://cache:7000/3', { host: 'cache', port: 7000, database: 3 }],
    ['rediss://cache/', { tls: true, database: 0 }],
    ['redis://[::1]:7000', { host: '::1' }],
    ['redis://pycell@cache', { username: 'pycell', password: null }],
  ])('%s says where Redis is', (url, options) => {
    expect(readConfiguration({ REDIS_URL: url }).redis).toMatchObject(options);
  });

  it('has a password, which is shown nowhere', () => {
    const { redis } = readConfiguration({ REDIS_URL: 'redis://:p%40ss%2F%25w@cache' });
    expect(redis?.password?.reveal()).toBe('p@ss/%w');
    for (const shown of [inspect(redis, { depth: 9 }), JSON.stringify(redis), String(redis?.password)]) {
      expect(shown).not.toContain('p@ss');
    }
  });

  it.each([
    'secret',
    'http://:secret@cache',
    'redis://',
    'redis://:secret#@cache',
    'redis://:secret/@cache',
    'redis://:secret@cache/name',
    'redis://:secret@cache/0?family=6',
    'redis://:secret@cache/0#x',
    'redis://:secret%@cache',
    'redis://:secret@cache:99999',
  ])('is refused where it is %s, without being shown', (url) => {
    expect(problemsOf(url)).toContain('REDIS_URL is not valid (its value is not shown), expected ');
    expect(problemsOf(url)).not.toMatch(/secret|cache/);
  });

  it('is not there by default', () => {
    expect(readConfiguration({}).redis).toBeNull();
  });
});

describe('RATE_LIMIT', () => {
  it('is none by default, and by default for a minute', () => {
    expect(readConfiguration({}).rates).toEqual({ default: null, withoutRedis: 'open' });
    expect(readConfiguration({ RATE_LIMIT: '20' }).rates.default).toEqual({ requests: 20, seconds: 60 });
  });

  it('is for as long as it says', () => {
    const { rates } = readConfiguration({
      RATE_LIMIT: '20',
      RATE_LIMIT_WINDOW: '1',
      RATE_LIMIT_WITHOUT_REDIS: 'closed',
    });
    expect(rates).toEqual({ default: { requests: 20, seconds: 1 }, withoutRedis: 'closed' });
  });

  it.each([
    { RATE_LIMIT: '0' },
    { RATE_LIMIT: '1.5' },
    { RATE_LIMIT_WINDOW: '0' },
    { RATE_LIMIT_WITHOUT_REDIS: 'x' },
  ])('%p is refused by name', (environment) => {
    expect(() => readConfiguration(environment)).toThrow(`${Object.keys(environment)[0] ?? ''} is `);
  });
});
