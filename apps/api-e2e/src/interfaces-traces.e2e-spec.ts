import { randomUUID } from 'node:crypto';
import type { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import type { ReceivedSpan } from './harness/otlp-spans';
import { Scrape } from './harness/scrape';
import { TraceCollector } from './harness/trace-collector';
import { startTraced } from './harness/traced-server';

const JSON_TYPE = { 'Content-Type': 'application/json' };

describeCloud('Requests to interfaces, as they are recorded', () => {
  let collector: TraceCollector;
  let server: ApiServer;

  beforeAll(async () => {
    collector = await TraceCollector.start();
    server = await startTraced(collector, {
      BUILD: 'cloud',
      METRICS_PORT: '0',
      INTERFACES: 'dify,ragflow,piston,judge0,mcp',
    });
  });
  afterAll(async () => {
    await server.stop();
    await collector.stop();
  });

  async function spanOf(method: string, path: string, body?: string): Promise<ReceivedSpan> {
    const id = randomUUID();
    const headers = { ...JSON_TYPE, Accept: 'application/json, text/event-stream', 'X-Request-Id': id };
    await server.client.send({ method, path, headers, ...(body !== undefined && { body }) });
    return eventually(
      () => collector.ofRequest(id),
      (found) => found !== undefined,
      10_000,
    );
  }

  async function failures(): Promise<Readonly<Record<string, number>>> {
    const { text } = await Scrape.of(server);
    return Object.fromEntries(
      Array.from(text.matchAll(/^pycell_request_failures_total\{code="(\w+)"\} (\d+)$/gm), ([, code, n]) => [
        String(code),
        Number(n),
      ]),
    );
  }

  it.each([
    ['GET', `/submissions/${randomUUID()}`, 'GET /submissions/{token}'],
    ['GET', '/submissions/batch?tokens=x', 'GET /submissions/batch'],
    ['GET', '/Languages/71/', 'GET /languages/{id}'],
    ['GET', '/executions/0123456789abcdef0123456789abcdef', 'GET /executions/{id}'],
    ['GET', '/languages/71/more', 'GET'],
  ])('%s %s is named by its route', async (method, path, name) => {
    expect((await spanOf(method, path)).name).toBe(name);
  });

  it.each([
    ['dify', '/v1/sandbox/run', '{"language":"nodejs","code":"x"}', 'INVALID_REQUEST'],
    ['ragflow', '/run', '{"code_b64":"?"}', 'INVALID_REQUEST'],
    ['piston', '/api/v2/execute', '{"language":"python"}', 'INVALID_REQUEST'],
    ['judge0', '/submissions', '{"language_id":71}', 'INVALID_REQUEST'],
    ['judge0', '/submissions/batch', '{"submissions":[]}', 'INVALID_REQUEST'],
    ['mcp', '/mcp', '{', 'INVALID_REQUEST'],
    ['dify', '/v1/sandbox/run', '{"language":"python3","code":"\\ud800"}', 'INVALID_REQUEST'],
    ['judge0', '/authorize', '{}', 'FORBIDDEN'],
  ])('a refusal of %s at %s ends its trace and counts once', async (_name, path, body, code) => {
    const before = await failures();
    const { attributes } = await spanOf('POST', path, body);
    expect(attributes).toMatchObject({ 'pycell.code': code });
    const after = await failures();
    expect(after).toEqual({ ...before, [code]: (before[code] ?? 0) + 1 });
  });

  it('a script that fails is an execution, and none of these', async () => {
    const before = await failures();
    const files = [{ content: 'raise ValueError' }];
    await spanOf('POST', '/api/v2/execute', JSON.stringify({ language: 'python', version: '3', files }));
    const code_b64 = Buffer.from('def main():\n    raise ValueError').toString('base64');
    await spanOf('POST', '/run', JSON.stringify({ code_b64 }));
    expect(await failures()).toEqual(before);
  });
});
