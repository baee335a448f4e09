import { join } from 'node:path';
import { ApiServer, type Environment, ServerProcess } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { keyHeader, KeysFile } from './harness/keys-file';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const PROBE = ['--require', join(__dirname, 'harness/module-probe.cjs')];
const OPEN_OS = 'import os\nprint("ran")';
type Headers = Readonly<Record<string, string>>;

let server: ApiServer;

const dify = (headers: Headers, code = OPEN_OS) =>
  server.client.send<{ code: number; message: string; data: { stdout: string; error: string } | null }>({
    method: 'POST',
    path: '/v1/sandbox/run',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify({ language: 'python3', code }),
  });

const ragflow = (headers: Headers, code = 'def main():\n    import os\n    return "ran"') =>
  server.client.send<{ status: string; detail: unknown; stdout: string; stderr: string }>({
    method: 'POST',
    path: '/run',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify({ code_b64: Buffer.from(code).toString('base64') }),
  });

describeCloud('Keys at interfaces of other services', () => {
  const file = new KeysFile();
  const keys = {
    plain: file.add('plain'),
    strict: file.add('strict', { policy: 'enforce', scriptSize: 400 }),
    rag: file.add('rag', { rate: { requests: 3, seconds: 3600 } }),
    off: file.add('off', { disabled: true }),
  };

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'dify,ragflow',
      INTERFACE_KEYS: 'ragflow=rag',
      API_KEYS_FILE: file.path,
    });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  it('are needed, and refused in the form of the interface', async () => {
    for (const headers of [
      {},
      keyHeader('dify-sandbox'),
      { ...keyHeader(keys.plain), Authorization: `Bearer ${keys.plain}` },
    ]) {
      const { status, body } = await dify(headers);
      expect({ status, body }).toMatchObject({ status: 401, body: { code: -401, data: null } });
    }
    expect((await dify(keyHeader(keys.off))).body).toMatchObject({ code: -403 });
  });

  it('are taken in the headers of our own API', async () => {
    expect((await dify(keyHeader(keys.plain))).body.data?.stdout).toBe('ran\n');
    expect((await dify({ Authorization: `Bearer ${keys.plain}` })).body.data?.stdout).toBe('ran\n');
  });

  it('are taken in those of the interface there, and nowhere else', async () => {
    expect((await ragflow({ 'X-Sandbox-Token': keys.plain })).body.stdout).toBe('ran\n');
    expect((await dify({ 'X-Sandbox-Token': keys.plain })).status).toBe(401);
    const two = await ragflow({ 'X-Sandbox-Token': keys.plain, ...keyHeader(keys.plain) });
    expect([two.status, two.body]).toEqual([401, { detail: expect.stringContaining('more than one key') }]);
  });

  it('bring a policy and a script size of their own, which win', async () => {
    expect((await dify(keyHeader(keys.strict))).body.data?.error).toContain('os');
    const long = await dify(keyHeader(keys.strict), `print(1)${' '.repeat(400)}`);
    expect(long.body).toMatchObject({ code: -400, message: expect.stringContaining('of your key is 400') });
  });

  it('stand in for requests without one where INTERFACE_KEYS says so, with all that they have', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) {
      statuses.push((await ragflow({})).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    const { body, headers } = await ragflow({});
    expect(body).toMatchObject({ status: 'program_runner_error', stdout: '', exit_code: -429 });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(
      server.logRecords.filter((line) => line['key'] === 'rag' && line['interface'] === 'ragflow'),
    ).toHaveLength(3);
  });

  it('do not stand in for one that is wrong', async () => {
    expect((await ragflow({ 'X-Sandbox-Token': 'none' })).status).toBe(401);
  });

  it('are not needed for the health of RAGFlow, and for no other path of an interface', async () => {
    expect((await server.client.get('/healthz')).status).toBe(200);
    expect((await server.client.get('/v1/sandbox/dependencies?language=python3')).status).toBe(401);
    expect((await server.client.get('/v1/sandbox/none')).status).toBe(401);
  });

  it('are needed to start: one that INTERFACE_KEYS names must be there', async () => {
    const refused = new ServerProcess({
      BUILD: 'cloud',
      INTERFACES: 'ragflow',
      INTERFACE_KEYS: 'ragflow=nobody',
      API_KEYS_FILE: file.path,
    });
    expect((await refused.exited).code).toBe(1);
    expect(refused.log).toContain('INTERFACE_KEYS has ragflow=nobody, expected the name of a key in');
  });
});

describe('Interfaces that are off', () => {
  let started: ApiServer | null = null;

  async function start(environment: Environment): Promise<void> {
    started = await ApiServer.listen(environment, { nodeArguments: PROBE });
    server = started;
  }

  /** The service takes the signal for one to stop, too: what else is asked comes before. */
  async function loadedInterfaces(): Promise<readonly string[]> {
    process.kill(server.pid, 'SIGUSR2');
    const told = await eventually(
      () => /^loaded: (.*)$/m.exec(server.log)?.[1],
      (text) => text !== undefined,
      5_000,
    );
    return (JSON.parse(told) as string[]).filter((name) => name.startsWith('interfaces/'));
  }

  afterEach(async () => {
    await started?.stop();
    started = null;
  });

  it('are not loaded, neither is what they alone need, and their paths are none', async () => {
    await start({});
    expect((await dify({})).body).toMatchObject({ code: 'NOT_FOUND' });
    expect((await server.client.get('/healthz')).body).toMatchObject({ code: 'NOT_FOUND' });
    const { body } = await server.client.get<{ endpoints: { path: string }[] }>('/');
    expect(body.endpoints.filter(({ path }) => /run|sandbox/.test(path))).toEqual([]);
    expect(await loadedInterfaces()).toEqual([]);
  });

  it('the probe of this test sees one that is on, and that alone', async () => {
    await start({ BUILD: 'cloud', INTERFACES: 'ragflow' });
    expect([...(await loadedInterfaces())].sort()).toEqual(['interfaces/door', 'interfaces/ragflow']);
  });

  it('stay off with BUILD=local: the service does not start with one', async () => {
    const refused = new ServerProcess({ BUILD: 'local', INTERFACES: 'dify' });
    expect((await refused.exited).code).toBe(1);
    expect(refused.log).toContain('there is no jail behind it');
  });
});
