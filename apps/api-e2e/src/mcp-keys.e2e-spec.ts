import { join } from 'node:path';
import { ApiServer, type Environment } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { keyHeader, KeysFile } from './harness/keys-file';
import { McpClient } from './harness/mcp-client';

describeCloud('MCP with keys, rates and hosts', () => {
  const keys = new KeysFile();
  const key = keys.add('model', { rate: { requests: 3, seconds: 60 } });
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'mcp',
      API_KEYS_FILE: keys.path,
      ALLOWED_HOSTS: '127.0.0.1',
    });
  });

  afterAll(async () => {
    await server.stop();
    keys.dispose();
  });

  it('needs a key, and says so in its own form', async () => {
    const { status, headers, body } = await new McpClient(server.client).request('tools/list');
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toMatch(/^Bearer/);
    expect(body).toMatchObject({
      jsonrpc: '2.0',
      error: { code: -32000, data: { code: 'UNAUTHENTICATED' } },
    });
  });

  it('is not reached by another name of the host', async () => {
    const mcp = new McpClient(server.client, { ...keyHeader(key), Host: 'evil.example' });
    const { status, body } = await mcp.request('tools/list');
    expect([status, body.error?.code]).toEqual([400, -32600]);
  });

  it('has the rate of the key, and says when to come again', async () => {
    const mcp = new McpClient(server.client, { Authorization: `Bearer ${key}` });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n++) {
      const { status, headers, body } = await mcp.request('tools/list');
      statuses.push(status);
      if (status === 429) {
        expect(Number(headers['retry-after'])).toBeGreaterThan(0);
        expect(body.error).toMatchObject({ code: -32000, data: { code: 'RATE_LIMITED' } });
      }
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describeCloud('What is loaded of MCP', () => {
  const loadedWith = async (environment: Environment): Promise<[number, readonly string[]]> => {
    const probe = ['--require', join(__dirname, 'harness/module-probe.cjs')];
    const server = await ApiServer.start({ BUILD: 'cloud', ...environment }, { nodeArguments: probe });
    try {
      const { status } = await new McpClient(server.client).request('tools/list');
      process.kill(server.pid, 'SIGUSR2');
      const loaded = await eventually(
        () => /^loaded: (.*)$/m.exec(server.log)?.[1] ?? '',
        (text) => text !== '',
        5_000,
      );
      return [status, JSON.parse(loaded) as readonly string[]];
    } finally {
      await server.stop();
    }
  };

  it('is nothing where it is off', async () => {
    const [status, loaded] = await loadedWith({});
    expect(status).toBe(404);
    expect(loaded.filter((name) => /^(interfaces|@modelcontextprotocol)\//.test(name))).toEqual([]);
  });

  it('is that where it is on', async () => {
    const [status, loaded] = await loadedWith({ INTERFACES: 'mcp' });
    expect(status).toBe(200);
    expect(loaded).toEqual(expect.arrayContaining(['interfaces/mcp', '@modelcontextprotocol/server']));
  });
});
