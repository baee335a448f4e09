import { ApiServer } from './harness/api-server';
import type { HttpAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';

const JSON_TYPE = { 'Content-Type': 'application/json' };

let server: ApiServer;

const post = <T>(path: string, body: unknown): Promise<HttpAnswer<T>> =>
  server.client.send<T>({ method: 'POST', path, headers: JSON_TYPE, body: JSON.stringify(body) });

describeCloud('Interfaces of other services', () => {
  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      INTERFACES: 'dify,ragflow',
      SCRIPT_TIMEOUT: '2',
    });
  });

  afterAll(() => server.stop());

  describe('What Dify sends', () => {
    it('asks for packages, and is told those that there are', async () => {
      const { body } = await server.client.get<{
        data: { dependencies: { name: string; version: string }[] };
      }>('/v1/sandbox/dependencies?language=python3');
      expect(body.data.dependencies).toContainEqual({
        name: 'pandas',
        version: expect.stringMatching(/^\d/),
      });
    });

    it('is answered at /health by the service itself', async () => {
      expect((await server.client.get('/health')).status).toBe(200);
    });
  });

  describe('What RAGFlow sends', () => {
    it('has digits that JavaScript does not know, there and back', async () => {
      const code_b64 = Buffer.from('def main(n):\n    return [n, n + 1]').toString('base64');
      const { text } = await server.client.send({
        method: 'POST',
        path: '/run',
        headers: JSON_TYPE,
        body: `{"code_b64":"${code_b64}","language":"python","arguments":{"n":12345678901234567890}}`,
      });
      expect(text).toContain('"value":[12345678901234567890, 12345678901234567891]');
    });

    it('has files that scripts leave, and figures', async () => {
      const code = `
def main():
    import os, matplotlib.pyplot as plt
    with open("output/a.csv", "w") as file:
        file.write("a,b\\n")
    plt.plot([1, 2])
    return "drawn"
`;
      const { body } = await post<{ artifacts: { name: string; mime_type: string; content_b64: string }[] }>(
        '/run',
        { code_b64: Buffer.from(code).toString('base64'), language: 'python', arguments: {} },
      );
      expect(body.artifacts.map(({ name, mime_type }) => [name, mime_type])).toEqual([
        ['a.csv', 'text/csv'],
        ['figure-1.png', 'image/png'],
      ]);
      expect(Buffer.from(body.artifacts[0]?.content_b64 ?? '', 'base64').toString()).toBe('a,b\n');
    });

    it('finds the process answering at /healthz', async () => {
      const { status, body } = await server.client.get('/healthz');
      expect({ status, body }).toEqual({ status: 200, body: { status: 'ok' } });
    });
  });

  describe('Terms', () => {
    it('are without a policy at an interface, and with it at our own API', async () => {
      const script = 'import os\nprint(os.getuid() > 0)';
      const { body } = await post<{ data: { stdout: string } }>('/v1/sandbox/run', {
        language: 'python3',
        code: script,
      });
      expect(body.data.stdout).toBe('True\n');
      expect((await post<{ code: string }>('/execute', { script, mode: 'script' })).body.code).toBe(
        'POLICY_VIOLATION',
      );
    });

    it('let a script have 200,000 characters, and no more', async () => {
      const code = (length: number): string => `print(${'1'.padStart(length - 7, ' ')})`;
      const run = (length: number) =>
        post<{ code: number; message: string; data: { stdout: string } | null }>('/v1/sandbox/run', {
          language: 'python3',
          code: code(length),
        });
      expect((await run(200_000)).body.data?.stdout).toBe('1\n');
      const { status, body } = await run(200_001);
      expect({ status, code: body.code }).toEqual({ status: 200, code: -400 });
      expect(body.message).toContain('Script has 200001 characters, the limit is 200000');
      expect((await server.client.execute(code(10_001))).body.code).toBe('SCRIPT_TOO_LARGE');
    });

    it('are told to the log by the name of the interface', async () => {
      const id = 'interface-log-1';
      await server.client.send({
        method: 'POST',
        path: '/run',
        headers: { ...JSON_TYPE, 'X-Request-Id': id },
        body: JSON.stringify({ code_b64: Buffer.from('def main():\n    pass').toString('base64') }),
      });
      const line = server.logRecords.find(({ requestId, msg }) => requestId === id && msg === 'execution');
      expect(line).toMatchObject({ interface: 'ragflow', outcome: 'OK' });
    });
  });

  describe('Errors of the stations', () => {
    it('have the form of the interface: no JSON, another type, too large, no such path', async () => {
      const raw = (path: string, body: string, type = 'application/json') =>
        server.client.send<Record<string, unknown>>({
          method: 'POST',
          path,
          headers: { 'Content-Type': type },
          body,
        });
      expect((await raw('/run', '{')).body).toEqual({
        detail: [{ type: 'value_error', loc: ['body'], msg: expect.stringContaining('not valid JSON') }],
      });
      const text = await raw('/run', 'x', 'text/plain');
      expect([text.status, Object.keys(text.body)]).toEqual([415, ['detail']]);
      const large = await raw('/v1/sandbox/run', `{"code":"${'x'.repeat(9_000_000)}"}`);
      expect(large.body).toMatchObject({
        code: -400,
        message: expect.stringContaining('larger than the limit'),
      });
      expect((await server.client.get('/v1/sandbox/none')).body).toMatchObject({ code: -404, data: null });
      const wrong = await server.client.get('/RUN/');
      expect([wrong.status, wrong.headers.allow, wrong.body]).toEqual([
        405,
        'POST',
        { detail: expect.stringContaining('answers to POST') },
      ]);
    });

    it('have our own form everywhere else', async () => {
      expect((await post('/execute', [])).body).toMatchObject({ code: 'INVALID_REQUEST' });
      expect((await server.client.get('/runs')).body).toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  it('are listed by GET /, and not by OpenAPI', async () => {
    const { body } = await server.client.get<{ endpoints: { path: string }[] }>('/');
    expect(body.endpoints.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/v1/sandbox/run', '/run', '/healthz']),
    );
    const { body: description } = await server.client.get<{ paths: object }>('/openapi.json');
    expect(Object.keys(description.paths).filter((path) => /run|sandbox/.test(path))).toEqual([]);
  });
});
