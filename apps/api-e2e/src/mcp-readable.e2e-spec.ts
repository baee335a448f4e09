import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { McpClient } from './harness/mcp-client';

/** Half of a surrogate pair, alone, as JSON writes it: an even number of backslashes before it, and no other half. */
const LONE_HALF = /(?<!\\)(?:\\\\)*(?:\\ud[89ab]..(?!\\ud[c-f])|(?<!\\ud[89ab]..)\\ud[c-f]..)/i;

describeCloud('Answers that any client of MCP can read', () => {
  let server: ApiServer;
  let mcp: McpClient;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'mcp' });
    mcp = new McpClient(server.client);
  });

  afterAll(() => server.stop());

  const call = (script: string, members: object = {}) =>
    mcp.call('run_python', JSON.stringify({ script, ...members }));

  it.each([
    [
      'a name of a file',
      'import os\nopen(b"/tmp/\\xff.csv", "w").close()\n[n for n in os.listdir("/tmp") if "csv" in n]',
      ['\ufffd.csv'],
    ],
    ['bytes of another encoding', 'b"caf\\xe9".decode("utf-8", "surrogateescape")', 'caf\ufffd'],
    ['a key', '{"\\ud83d": 1, "\\U0001F600": "\\U0001F600"}', { '\ufffd': 1, '😀': '😀' }],
  ])('have no half of a character in %s', async (_name, script, expected) => {
    const { text, body } = await call(script);
    expect(body.result?.structuredContent.result).toEqual(expected);
    expect(text).not.toMatch(LONE_HALF);
    // The text for a model is as Python wrote it.
    expect(body.result?.content[0]?.text).toMatch(/\\ud/);
  });

  it('have none in what went wrong, nor in what was sent', async () => {
    const { text, body } = await call('raise ValueError("bad \\udcff")');
    expect(body.result?.structuredContent.error?.message).toContain('bad \ufffd');
    expect(text).not.toMatch(LONE_HALF);
    const sent = await call('text', { inputs: { text: '\ud83d' } });
    expect(sent.body.result?.structuredContent.result).toBe('\ufffd');
    const unknown = await mcp.call('\ud83d', '{}');
    expect([unknown.body.error?.code, LONE_HALF.test(unknown.text)]).toEqual([-32602, false]);
  });

  it.each([
    ['nests deep', 'x = 1\nfor _ in range(150):\n    x = [x]\nx', `${'['.repeat(150)}1${']'.repeat(150)}`],
    ['has many digits', 'import sys\nsys.set_int_max_str_digits(0)\n10**5000', `1${'0'.repeat(5_000)}`],
  ])('have a result that %s as a string', async (_name, script, json) => {
    const { body } = await call(script);
    expect(body.result?.structuredContent.result).toBe(json);
    expect(body.result?.content[0]?.text).toContain(`"result":${json}`);
  });

  it('have images that are some', async () => {
    const { structuredContent, content } = await mcp.run(
      `import os
import matplotlib.pyplot as plt
os.makedirs("output", exist_ok=True)
open("output/text.png", "w").write("not png")
open("output/empty.jpg", "w").close()
plt.figure(figsize=(100, 1)).savefig("output/wide.png")
plt.close()
plt.figure(figsize=(2, 1)).savefig("output/half.png")
plt.close()
data = open("output/half.png", "rb").read()
open("output/half.png", "wb").write(data[: len(data) // 2])
plt.figure(figsize=(2, 1))
None`,
    );
    expect(structuredContent.artifacts.filter(({ shown }) => shown).map(({ name }) => name)).toEqual([
      'figure-1.png',
    ]);
    expect(structuredContent.artifacts).toHaveLength(5);
    expect(content.slice(1)).toEqual([expect.objectContaining({ type: 'image', mimeType: 'image/png' })]);
  });

  it('are one list of tools for each request', async () => {
    const list = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
    const { status, body } = await mcp.post(`[${list},${list}]`);
    expect([status, body.error?.code, body.error?.message]).toEqual([
      400,
      -32600,
      'Send tools/list once in a batch',
    ]);
  });
});
