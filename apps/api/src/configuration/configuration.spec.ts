import { availableParallelism } from 'node:os';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import { ConfigurationError, readConfiguration } from './configuration';

/** Returns the problems that an environment has. */
function problemsOf(environment: NodeJS.ProcessEnv): string {
  try {
    readConfiguration(environment);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as ConfigurationError).message;
  }
}

describe('readConfiguration', () => {
  it('runs without isolation and on loopback only when nothing is said', () => {
    const { http, sandbox, log } = readConfiguration({});
    expect(http).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      bodyLimitBytes: 51_606_336,
      scriptBodyLimitBytes: 124_096,
      maxHeldBodyBytes: 268_435_456,
      maxConnections: 1024,
      requestTimeoutMs: 30_000,
      corsOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000'],
      allowedHosts: ['localhost', '127.0.0.1', '::1'],
      shutdownDelayMs: 0,
      shutdownGraceMs: 15_000,
      debug: false,
    });
    expect(sandbox).toMatchObject({
      build: 'local',
      limits: DEFAULT_LIMITS,
      policyRules: DEFAULT_POLICY_RULES,
    });
    expect(sandbox.admission).toMatchObject({ maxQueue: 64, queueTimeoutMs: 10_000 });
    // One caller may have all but one of them.
    expect(sandbox.admission.maxConcurrency).toBe(Math.max(2, availableParallelism()) + 1);
    expect(log).toEqual({ level: 'info', pretty: false });
  });

  it('loads at the start what is named, and nothing else', () => {
    expect(readConfiguration({}).sandbox.preload).toEqual([]);
    expect(readConfiguration({ PRELOAD: ' figures ,figures' }).sandbox.preload).toEqual(['figures']);
  });

  it('listens to the world, under any host name, in the cloud', () => {
    expect(readConfiguration({ BUILD: 'cloud' }).http).toMatchObject({ host: '0.0.0.0', allowedHosts: null });
  });

  it('takes every value from the environment', () => {
    const { http, sandbox, log } = readConfiguration({
      BUILD: 'cloud',
      HOST: '::',
      PORT: '9000',
      SCRIPT_TIMEOUT: '2.5',
      MAX_SCRIPT_SIZE: '500',
      MEMORY_LIMIT_MB: '64',
      MAX_OUTPUT_BYTES: '10',
      MAX_RESULT_BYTES: '20',
      MAX_THREADS: '4',
      MAX_OPEN_FILES: '32',
      TMP_SIZE_MB: '2',
      MAX_CONCURRENCY: '3',
      MAX_QUEUE: '0',
      QUEUE_TIMEOUT: '1',
      SHUTDOWN_DELAY: '0.5',
      SHUTDOWN_GRACE: '2',
      REQUEST_TIMEOUT: '1.5',
      MAX_CONNECTIONS: '7',
      MAX_FILES: '5',
      MAX_ARTIFACT_BYTES: '30',
      MAX_INPUTS_BYTES: '40',
      MAX_BATCH: '7',
      MAX_HELD_BODY_BYTES: '20000000',
      SCRIPT_POLICY: 'off',
      CORS_ORIGINS: 'https://a.example, https://b.example',
      ALLOWED_HOSTS: 'api.example',
      LOG_LEVEL: 'warn',
      NSJAIL_PATH: '/n',
      SANDBOX_ROOT: '/s',
      PYTHON: '/p',
    });
    expect(http).toMatchObject({
      host: '::',
      port: 9000,
      bodyLimitBytes: 6_309_562,
      scriptBodyLimitBytes: 10_096,
      requestTimeoutMs: 1_500,
      maxConnections: 7,
      maxHeldBodyBytes: 20_000_000,
      corsOrigins: ['https://a.example', 'https://b.example'],
      allowedHosts: ['api.example'],
      shutdownDelayMs: 500,
      shutdownGraceMs: 2_000,
    });
    expect(sandbox.limits).toEqual({
      timeoutSeconds: 2.5,
      maxScriptSize: 500,
      memoryLimitMb: 64,
      maxOutputBytes: 10,
      maxResultBytes: 20,
      maxThreads: 4,
      maxOpenFiles: 32,
      tmpSizeMb: 2,
      maxFiles: 5,
      maxArtifactBytes: 30,
      maxInputsBytes: 40,
      maxBatch: 7,
    });
    expect(sandbox.admission).toEqual({ maxConcurrency: 3, maxQueue: 0, queueTimeoutMs: 1_000 });
    expect(sandbox.policyRules).toBeNull();
    expect(sandbox.paths).toMatchObject({ nsjail: '/n', sandboxRoot: '/s', python: '/p' });
    expect(log.level).toBe('warn');
  });

  it('counts an empty variable as not set', () => {
    expect(readConfiguration({ PORT: '', BUILD: ' ' }).http.port).toBe(8080);
  });

  it('takes names off the blocked list', () => {
    const { policyRules } = readConfiguration({ SCRIPT_POLICY_ALLOW: 'open, os' }).sandbox;
    expect(policyRules?.blockedNames).not.toContain('open');
    expect(policyRules?.blockedModules).not.toContain('os');
    expect(policyRules?.blockedModules).toContain('sys');
  });

  it('has no keys and believes no proxy when nothing is said', () => {
    expect(readConfiguration({}).callers).toEqual({
      keysFile: null,
      requireApiKey: false,
      trustedProxies: [],
      metadataAccess: 'open',
      docsAccess: 'open',
    });
    expect(
      readConfiguration({
        API_KEYS_FILE: '/etc/keys.json',
        REQUIRE_API_KEY: 'true',
        TRUSTED_PROXIES: 'loopback, 10.0.0.0/8,fd00::/8, 192.0.2.1,2001:db8::1',
        METADATA_ACCESS: 'key',
        DOCS_ACCESS: 'key',
      }).callers,
    ).toEqual({
      keysFile: '/etc/keys.json',
      requireApiKey: true,
      trustedProxies: ['loopback', '10.0.0.0/8', 'fd00::/8', '192.0.2.1', '2001:db8::1'],
      metadataAccess: 'key',
      docsAccess: 'key',
    });
    expect(readConfiguration({ DOCS_ACCESS: 'off' }).callers.docsAccess).toBe('off');
  });

  it('allows the console that listens elsewhere', () => {
    expect(readConfiguration({ CONSOLE_PORT: '4000' }).http.corsOrigins).toContain('http://localhost:4000');
  });

  it.each([
    [{ BUILD: 'prod' }, 'BUILD is "prod", expected one of local, cloud'],
    [{ PORT: 'abc' }, 'PORT is "abc", expected a whole number from 0 to 65535'],
    [{ PORT: '80.5' }, 'PORT is "80.5"'],
    [{ PORT: '0x50' }, 'PORT is "0x50"'],
    [{ SCRIPT_TIMEOUT: '-1' }, 'SCRIPT_TIMEOUT is "-1", expected a number from 0.1 to 3600'],
    [{ MEMORY_LIMIT_MB: '1' }, 'MEMORY_LIMIT_MB'],
    [
      { MEMORY_LIMIT_MB: '64', TMP_SIZE_MB: '33' },
      'TMP_SIZE_MB is "33", expected at most half of MEMORY_LIMIT_MB, 32',
    ],
    [
      { MAX_SCRIPT_SIZE: '100000', MAX_HELD_BODY_BYTES: '20000000' },
      'MAX_HELD_BODY_BYTES is "20000000", expected at least 105372672, room for two request bodies: raise it, or lower TMP_SIZE_MB',
    ],
    [
      { MEMORY_LIMIT_MB: '2048', TMP_SIZE_MB: '1024' },
      'MAX_HELD_BODY_BYTES is "268435456", expected at least ',
    ],
    [{ JAIL_PER_RUN: 'yes' }, 'JAIL_PER_RUN'],
    [{ JAIL_PROFILE: 'runsc' }, 'JAIL_PROFILE is "runsc", expected one of full, no-user-namespace, gvisor'],
    [{ JAIL_PROFILE: 'gvisor' }, 'JAIL_PROFILE is "gvisor", expected BUILD=cloud beside it'],
    [{ PRELOAD: 'figures,packages' }, 'PRELOAD is "packages", expected names of figures'],
    [{ SCRIPT_POLICY: 'none' }, 'SCRIPT_POLICY is "none", expected one of enforce, off'],
    [{ SCRIPT_POLICY: 'off' }, 'enforce with BUILD=local'],
    [{ SCRIPT_POLICY_ALLOW: 'opne' }, 'SCRIPT_POLICY_ALLOW is "opne"'],
    [{ CORS_ORIGINS: 'https://a.example/path' }, 'CORS_ORIGINS is "https://a.example/path"'],
    [{ ALLOWED_HOSTS: 'http://a.example' }, 'ALLOWED_HOSTS is "http://a.example"'],
    [{ ALLOWED_HOSTS: 'a.example:8080' }, 'ALLOWED_HOSTS is "a.example:8080"'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [
      { REQUIRE_API_KEY: 'true' },
      'REQUIRE_API_KEY is "true", expected API_KEYS_FILE beside it: "npm run keys',
    ],
    [{ METADATA_ACCESS: 'key' }, 'METADATA_ACCESS is "key", expected API_KEYS_FILE beside it'],
    [{ DOCS_ACCESS: 'key' }, 'DOCS_ACCESS is "key", expected API_KEYS_FILE beside it'],
    [{ METADATA_ACCESS: 'off' }, 'METADATA_ACCESS is "off", expected one of open, key'],
    [
      { TRUSTED_PROXIES: '10.0.0.0/33' },
      'TRUSTED_PROXIES is "10.0.0.0/33", expected addresses such as 10.0.0.7',
    ],
    [{ TRUSTED_PROXIES: '::1/129' }, 'TRUSTED_PROXIES is "::1/129"'],
    [{ TRUSTED_PROXIES: 'proxy.example' }, 'TRUSTED_PROXIES is "proxy.example"'],
    [{ TRUSTED_PROXIES: '10.0.0.1/8/8' }, 'TRUSTED_PROXIES is "10.0.0.1/8/8"'],
    [{ TRUSTED_PROXIES: 'constructor' }, 'TRUSTED_PROXIES is "constructor"'],
    [{ DEBUG: 'yes' }, 'DEBUG is "yes", expected one of true, false'],
    [{ DEBUG: 'true', BUILD: 'cloud' }, 'DEBUG is "true", expected false with BUILD=cloud on a public HOST'],
  ])('refuses %j', (environment, problem) => {
    expect(problemsOf(environment)).toContain(problem);
  });

  it.each([
    [1000, /^.*JAIL_PROFILE is "no-user-namespace", expected root with SYS_ADMIN/s],
    [0, /^$/],
  ])('lets the user %d have a jail without a user namespace only if that is root', (uid, problem) => {
    const own = jest.spyOn(process, 'getuid' as never).mockReturnValue(uid as never);
    const told = problemsOf({ BUILD: 'cloud', JAIL_PROFILE: 'no-user-namespace' });
    own.mockRestore();
    expect(told).toMatch(problem);
  });

  it('shows no key that stands in a wrong variable', () => {
    const key = `pycell_${'aB3-_'.repeat(9).slice(0, 43)}`;
    const cut = key.slice(0, -1);
    const problems = problemsOf({
      BUILD: key,
      PORT: cut,
      CORS_ORIGINS: `https://${key}`,
      ALLOWED_HOSTS: `http://${key}x`,
      SCRIPT_POLICY_ALLOW: `open,${key}`,
      TRUSTED_PROXIES: key,
    });
    expect(problems).toContain('BUILD is "pycell_...", expected one of local, cloud');
    expect(problems).toContain('PORT is "pycell_...", expected a whole number');
    expect(problems).not.toContain(key.slice(7, 17));
  });

  it('lists all problems at once', () => {
    const problems = problemsOf({ BUILD: 'x', PORT: 'y', MAX_QUEUE: 'z' });
    expect(problems.split('\n')).toHaveLength(4);
  });

  it('may show causes in the cloud on loopback', () => {
    const { http, log } = readConfiguration({ DEBUG: 'true', BUILD: 'cloud', HOST: '127.0.0.1' });
    expect(http.debug).toBe(true);
    expect(log).toEqual({ level: 'debug', pretty: true });
  });
});
