import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { API_PATHS, type MetadataResponse } from '@pycell/contracts';
import { ApiServer, type Environment, ServerProcess } from './harness/api-server';

async function startInVain(environment: Environment): Promise<{ code: number | null; stderr: string }> {
  const server = new ServerProcess(environment);
  const force = setTimeout(() => server.signal('SIGKILL'), 15_000);
  const { code } = await server.exited;
  clearTimeout(force);
  return { code, stderr: server.stderr };
}

describe('Configuration errors stop the start', () => {
  it.each<[string, Environment, RegExp]>([
    ['an unknown BUILD', { BUILD: 'x' }, /BUILD is "x".*local, cloud/],
    ['a PORT that is no number', { PORT: 'abc' }, /PORT is "abc"/],
    ['a PORT out of range', { PORT: '65536' }, /PORT is "65536".*65535/],
    [
      'SCRIPT_POLICY=off without a jail',
      { BUILD: 'local', SCRIPT_POLICY: 'off' },
      /SCRIPT_POLICY is "off".*BUILD=local/,
    ],
    [
      'DEBUG=true on a public host',
      { BUILD: 'cloud', HOST: '0.0.0.0', DEBUG: 'true' },
      /DEBUG is "true".*0\.0\.0\.0/,
    ],
    ['a time-out of zero', { SCRIPT_TIMEOUT: '0' }, /SCRIPT_TIMEOUT is "0"/],
    ['a time-out with a unit', { SCRIPT_TIMEOUT: '10s' }, /SCRIPT_TIMEOUT is "10s"/],
    ['a negative limit', { MEMORY_LIMIT_MB: '-1' }, /MEMORY_LIMIT_MB is "-1"/],
    ['a concurrency of zero', { MAX_CONCURRENCY: '0' }, /MAX_CONCURRENCY is "0"/],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, /LOG_LEVEL is "loud"/],
    [
      'an origin with a path',
      { CORS_ORIGINS: 'https://a.example/x' },
      /CORS_ORIGINS is "https:\/\/a\.example\/x"/,
    ],
    [
      'a name that the policy does not block',
      { SCRIPT_POLICY_ALLOW: 'opne' },
      /SCRIPT_POLICY_ALLOW is "opne"/,
    ],
    ['DEBUG that is neither true nor false', { DEBUG: 'yes' }, /DEBUG is "yes"/],
  ])('%s: exit code 1 and a message that names the variable', async (_name, environment, message) => {
    const { code, stderr } = await startInVain(environment);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^pycell cannot start\./);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });

  it('names every bad variable at once', async () => {
    const { stderr } = await startInVain({ BUILD: 'x', PORT: 'abc', MAX_QUEUE: 'many' });
    for (const name of ['BUILD', 'PORT', 'MAX_QUEUE']) {
      expect(stderr).toContain(`${name} is`);
    }
  });

  it('a port that is taken: exit code 1 and a message that names PORT', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    const { code, stderr } = await startInVain({ PORT: String(port) });
    occupant.close();
    expect(stderr).toMatch(/port is in use.*PORT/);
    expect(stderr).toContain(String(port));
    expect(code).toBe(1);
  });
});

describe('Configuration that is good', () => {
  it('takes empty variables for unset ones, tells the limits in force and says what protects the host', async () => {
    const server = await ApiServer.start({
      BUILD: 'local',
      SCRIPT_TIMEOUT: '2.5',
      MAX_QUEUE: '',
      MAX_THREADS: '8',
    });
    try {
      const { body } = await server.client.get<MetadataResponse>(API_PATHS.metadata);
      expect(body.limits).toMatchObject({ timeoutSeconds: 2.5, maxThreads: 8, maxScriptSize: 10_000 });
      expect(server.process.stderr).toMatch(/BUILD=local: NO isolation/);
    } finally {
      await server.stop();
    }
  });

  it('SCRIPT_POLICY_ALLOW takes names off the blocked list', async () => {
    const server = await ApiServer.start({ BUILD: 'local', SCRIPT_POLICY_ALLOW: 'os, compile' });
    try {
      const { scriptPolicy } = (await server.client.get<MetadataResponse>(API_PATHS.metadata)).body;
      expect(scriptPolicy.blockedModules).toEqual(['sys', 'subprocess', 'shutil']);
      expect(scriptPolicy.blockedNames).not.toContain('compile');
      const script = 'import os\ndef main():\n    compile("1", "x", "eval")\n    return os.sep';
      expect((await server.client.execute(script)).body.result).toBe('/');
      expect((await server.client.execute('import sys\ndef main(): return 1')).status).toBe(400);
    } finally {
      await server.stop();
    }
  });
});
