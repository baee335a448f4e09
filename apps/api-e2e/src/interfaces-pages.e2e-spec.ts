import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { McpClient } from './harness/mcp-client';

const PAGE = 'https://page.example';
const SAID = /is not allowed: add it to CORS_ORIGINS/;
const said = expect.stringMatching(SAID) as string;

/** A request of each, which is right, and how each says that a page may not send it. */
const REQUESTS = [
  ['dify', '/v1/sandbox/run', { language: 'python3', code: 'print(1)' }, { code: -403, message: said }],
  ['ragflow', '/run', { code_b64: Buffer.from('def main(): return 1').toString('base64') }, { detail: said }],
  [
    'piston',
    '/api/v2/execute',
    { language: 'python', version: '*', files: [{ content: 'print(1)' }] },
    { message: said },
  ],
  ['judge0', '/submissions?wait=true', { source_code: 'print(1)', language_id: 71 }, { error: said }],
  [
    'mcp',
    '/mcp',
    { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    { jsonrpc: '2.0', error: { code: -32000, message: said, data: { code: 'FORBIDDEN' } } },
  ],
] as const;

describeCloud('Web pages at interfaces of other services', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: REQUESTS.map(([name]) => name).join(),
      CORS_ORIGINS: PAGE,
    });
  });

  afterAll(() => server.stop());

  describe.each(REQUESTS)('%s', (_name, path, request, refusal) => {
    const send = (headers: Readonly<Record<string, string>>) =>
      server.client.send<object>({
        method: 'POST',
        path,
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json, text/event-stream',
          ...headers,
        },
        body: JSON.stringify(request),
      });

    it.each([
      ['a page of somebody else', { Origin: 'https://evil.example' }],
      ['a page whose name leads here', { Origin: 'http://evil.example', Host: 'evil.example' }],
      ['a page without a name', { Origin: 'null' }],
    ])('is closed to %s', async (_page, headers) => {
      const { status, body } = await send(headers);
      expect({ status, body }).toMatchObject({ status: 403, body: refusal });
    });

    it.each([
      ['a page that is named', { Origin: PAGE }],
      ['who is no page', {}],
    ])('is open to %s', async (_page, headers) => {
      expect([200, 201]).toContain((await send(headers)).status);
    });
  });

  it.each([
    ['2025-06-18', 'initialize', {}],
    ['2025-06-18', 'initialize', { value: { protocolVersion: '2025-06-18' } }],
    ['2025-06-18', 'tools/call', {}],
    ['2025-06-18', 'tools/call', { name: 7 }],
    ['2025-06-18', 'tools/list', { cursor: 1 }],
  ])('MCP of %s says in a sentence what is wrong with %s, case %#', async (revision, method, params) => {
    const { body } = await new McpClient(server.client).post(
      JSON.stringify({ jsonrpc: '2.0', id: 7, method, params }),
      { 'MCP-Protocol-Version': revision },
    );
    expect(body).toMatchObject({ jsonrpc: '2.0', id: 7, error: { code: -32602 } });
    expect(body.error?.message).toMatch(/^[^[{]+$/);
    expect(body.error?.message).not.toMatch(/invalid_type|undefined/);
  });
});
