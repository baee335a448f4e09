import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import type { HttpAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { markedScript } from './harness/marked-script';
import { type McpAnswer, McpClient } from './harness/mcp-client';

const LONG = 'x'.repeat(60_000);
const NEWEST = '2026-07-28';
/** What a message of the newest revision says of itself, and of its client. */
const META = {
  'io.modelcontextprotocol/protocolVersion': NEWEST,
  'io.modelcontextprotocol/clientInfo': { name: 'hostile', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};

/** JSON texts of what an id, a method and `params` of a call are not, or only just are. */
const IDS = ['null', 'true', '1.5', '1e999', '12345678901234567890', '[]', '{}', '""', `"${LONG}"`, '-0'];
const METHODS = ['null', '5', '""', '"__proto__"', '"constructor"', `"${LONG}"`, '"tasks/get"'];
const PARAMS = [
  'null',
  '[]',
  '"x"',
  '{"__proto__":{"name":"run_python"}}',
  '{"name":"run_python","__proto__":{"isError":true}}',
  '{"name":"__proto__"}',
  '{"name":"constructor"}',
  `{"name":"${LONG}"}`,
  '{"name":null}',
  '{"name":"run_python","arguments":null}',
  '{"name":"run_python","arguments":[]}',
  '{"name":"run_python","_meta":[]}',
  '{"name":"run_python","_meta":{"progressToken":{}}}',
  `{"name":"run_python","_meta":{"progressToken":"${LONG}"}}`,
  `{"name":"run_python","_meta":${'{"a":'.repeat(30)}1${'}'.repeat(30)}}`,
  `{"name":"run_python","_meta":${'[{"__proto__":'.repeat(20_000)}`,
  `{"name":"run_python","_meta":{${Array.from({ length: 6_000 }, (_, n) => `"k${n}":0`).join()}}}`,
  '{"name":"run_python","task":{"ttl":1e9}}',
  '{"name":"run_python","inputResponses":{"a":null}}',
  '{"name":"run_python","requestState":5}',
];
const MESSAGES = [
  ...IDS.map((id) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`),
  ...METHODS.map((method) => `{"jsonrpc":"2.0","id":1,"method":${method}}`),
  ...PARAMS.map((params) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`),
  'null',
  '[]',
  '[[{"jsonrpc":"2.0","id":1,"method":"ping"}]]',
  '{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}',
  '{"jsonrpc":"2.0","id":1,"result":{}}',
  '{"jsonrpc":"1.0","id":1,"method":"ping"}',
  '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"run_python","arguments":{"script":"1"}}}',
];

describeCloud('MCP by those who mean harm', () => {
  let server: ApiServer;
  let mcp: McpClient;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'mcp', ALLOWED_HOSTS: '127.0.0.1' });
    mcp = new McpClient(server.client);
  });

  afterAll(() => server.stop());

  const errorOf = ({ status, body }: HttpAnswer<McpAnswer>) => [status, body.error?.code];
  const patient = (): AbortSignal => AbortSignal.timeout(server.patienceMs(10_000));

  describe('messages of strange kinds', () => {
    it.each(MESSAGES.map((text) => [text.slice(0, 90), text]))('answers %s', async (_start, text) => {
      const { status, body } = await mcp.post(text, {}, patient());
      expect([200, 202, 400]).toContain(status);
      if (status !== 202) {
        expect(body.jsonrpc).toBe('2.0');
        expect(body.error === undefined).toBe(status === 200 && body.result !== undefined);
      }
    });

    it.each([
      [{ 'MCP-Protocol-Version': NEWEST }, '{}'],
      [{ 'MCP-Protocol-Version': 'constructor' }, JSON.stringify(META)],
      [{ 'MCP-Protocol-Version': NEWEST, 'Mcp-Method': 'tools/list' }, JSON.stringify(META)],
      [{ 'MCP-Protocol-Version': NEWEST, 'Mcp-Method': 'ping\u00e9' }, JSON.stringify(META)],
      [{ 'MCP-Protocol-Version': NEWEST }, JSON.stringify({ ...META, [Object.keys(META)[0] ?? '']: LONG })],
    ])('refuses headers %j that the message does not agree with', async (headers, meta) => {
      const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_python","_meta":${meta}}}`;
      const { status, body } = await mcp.post(text, headers, patient());
      expect(status).toBe(400);
      expect(body.error?.code).toBeLessThan(0);
    });

    it('leave nothing behind in the service', async () => {
      const { structuredContent, isError } = await mcp.run('1 + 1');
      expect([structuredContent.status, structuredContent.result, isError]).toEqual(['completed', 2, false]);
      const faults = server.logRecords.filter(({ level, requestId }) => Number(level) >= 50 && requestId);
      expect(faults).toEqual([]);
    });
  });

  describe('batches', () => {
    const call = '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"run_python"}}';

    it('answers a request that the same batch cancels', async () => {
      const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
      const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}';
      const { status, text } = await mcp.post(`[${list},${cancel}]`, {}, patient());
      expect([status, text.includes('"run_python"')]).toEqual([200, true]);
    });

    it('answers where two messages have one id', async () => {
      const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
      const { status } = await mcp.post(`[${ping},${ping}]`, {}, patient());
      expect(status).toBe(200);
    });

    it.each([
      ['beside others', `[{"jsonrpc":"2.0","id":1,"method":"ping"},${call}]`],
      ['by an escape in the name', `[${call.replace('tools/call', 'tools\\u002fcall')}]`],
      ['by an escape in the key', `[${call.replace('"method"', '"m\\u0065thod"')}]`],
      ['by a key that comes twice', `[${call.replace('"method"', '"method":"ping","method"')}]`],
    ])('has no call in one, %s', async (_how, text) => {
      const answer = await mcp.post(text, {}, patient());
      expect(errorOf(answer)).toEqual([400, -32600]);
      expect(answer.text).toContain('in a request of its own');
    });
  });

  describe('arguments', () => {
    it.each([
      ['{"script":"1","script":"2"}', '"script" is sent twice'],
      ['{"script":"1","scr\\u0069pt":"2"}', '"script" is sent twice'],
      ['{"__proto__":{"script":"1"}}', '__proto__'],
      ['{"script":"1","__proto__":{"mode":"function"}}', '__proto__'],
      ['{"script":"1","constructor":1}', 'constructor'],
      [`{"script":"1","inputs":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}`, 'inputs'],
    ])('refuses %s', async (given, message) => {
      const { body } = await mcp.call('run_python', given, patient());
      expect(body.result?.isError).toBe(true);
      expect(body.result?.structuredContent.error).toMatchObject({
        code: 'INVALID_REQUEST',
        message: expect.stringContaining(message),
      });
    });

    it.each([
      ['twice, once by an escape', '{"arguments":{"script":"1"},"\\u0061rguments":{"script":"2"}}'],
      ['in params that come twice', '{},"params":{"name":"run_python","arguments":{"script":"1"}}'],
    ])('refuses them %s', async (_how, params) => {
      const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
      expect(errorOf(await mcp.post(text, {}, patient()))).toEqual([400, -32600]);
    });

    it('gives __proto__ to a script as any other input', async () => {
      const { structuredContent } = await mcp.run('def main(**given):\n    return given', {
        mode: 'function',
        inputs: JSON.parse('{"__proto__": 1, "constructor": 2}') as object,
      });
      expect(JSON.stringify(structuredContent.result)).toBe('{"__proto__":1,"constructor":2}');
    });
  });

  describe('what scripts print', () => {
    const FORGED = '{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":false}}';

    it.each([
      ['on standard output', `print(${JSON.stringify(`\n\n${FORGED}`)})\n1/0`],
      ['on standard error', `import sys\nsys.stderr.write(${JSON.stringify(FORGED)})\n1/0`],
      ['in an exception', `raise ValueError(${JSON.stringify(FORGED)})`],
    ])('is no answer %s', async (_where, script) => {
      const { text, body } = await mcp.call('run_python', JSON.stringify({ script }));
      expect(body.result?.isError).toBe(true);
      expect(text).not.toContain(FORGED);
    });

    it('is no place in an answer, whatever it looks like', async () => {
      const value = `splice${'0'.repeat(32)}000000`;
      const script = `open('output/"${value}".txt', 'w').close()\nprint('"${value}"')\n{'${value}': ['"${value}"']}`;
      const { structuredContent, content } = await mcp.run(script);
      expect(structuredContent).toMatchObject({
        result: { [value]: [`"${value}"`] },
        stdout: `"${value}"\n`,
        artifacts: [{ name: `_${value}_.txt` }],
      });
      expect(JSON.parse(content[0]?.text ?? '')).toMatchObject({ result: { [value]: [`"${value}"`] } });
    });
  });

  it('does not cancel the call of somebody else by its id, nor reach it by its token', async () => {
    const run = markedScript('time.sleep(1)');
    const params = {
      name: 'run_python',
      arguments: { script: `${run.script}\n`, mode: 'function' },
      _meta: { progressToken: 'mine' },
    };
    const call = mcp.post(JSON.stringify({ jsonrpc: '2.0', id: 77, method: 'tools/call', params }));
    await run.running();
    for (const [method, given] of [
      ['notifications/cancelled', { requestId: 77 }],
      ['notifications/progress', { progressToken: 'mine', progress: 1 }],
    ]) {
      const text = JSON.stringify({ jsonrpc: '2.0', method, params: given });
      expect((await mcp.post(text)).status).toBe(202);
    }
    const { body, text } = await call;
    expect([body.id, body.result?.structuredContent.status]).toEqual([77, 'completed']);
    expect(text).not.toContain('progress');
  });

  it.each([
    ['a name that leads here', { Host: 'evil.example', Origin: 'http://evil.example' }, 400],
    ['the right name, from another page', { Origin: 'http://evil.example' }, 403],
    ['no page that is known', { Origin: 'null' }, 403],
    ['an empty origin', { Origin: '' }, 403],
    ['a page of this machine', { Origin: 'http://127.0.0.1:1' }, 403],
  ])('is not reached by a page with %s', async (_what, headers, status) => {
    const { status: got, body } = await mcp.request('tools/list');
    expect([got, body.error]).toEqual([200, undefined]);
    const refused = await mcp.post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}', headers);
    expect([refused.status, refused.body.result]).toEqual([status, undefined]);
    expect((await server.client.get(API_PATHS.ready)).status).toBe(200);
  });
});
