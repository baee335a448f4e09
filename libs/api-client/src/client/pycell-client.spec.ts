import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { EXECUTION, executed, failed, json, TestServer } from '../testing/test-server';
import { isScriptError, PycellError, RefusedError, ScriptError, ServiceError } from '../errors/pycell-error';
import { PycellClient, type PycellClientOptions } from './pycell-client';

const SCRIPT = 'def main(n=1):\n    return n';

async function errorOf(promise: Promise<unknown>): Promise<PycellError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PycellError);
  return error as PycellError;
}

describe('PycellClient', () => {
  const server = new TestServer();
  let baseUrl: string;

  beforeAll(async () => {
    baseUrl = await server.start();
  });

  afterAll(() => server.stop());

  const clientOf = (options: Partial<PycellClientOptions> = {}): PycellClient =>
    new PycellClient({ baseUrl, retry: false, ...options });

  describe('execute', () => {
    it('sends the script alone, as JSON, below the address', async () => {
      server.on('POST /below/execute', json(200, executed('7')));
      await clientOf({ baseUrl: `${baseUrl}/below/` }).execute({ script: 'x = "é"' });
      expect(server.asked).toMatchObject([{ body: '{"script":"x = \\"é\\""}' }]);
      expect(server.asked[0]?.headers).toMatchObject({
        'content-type': 'application/json',
        accept: 'application/json',
      });
      expect(server.asked[0]?.headers['x-api-key']).toBeUndefined();
    });

    it('sends inputs, files and limits as they were given', async () => {
      server.on('POST /execute', json(200, executed('null')));
      await clientOf({ apiKey: 'pycell_k' }).execute({
        script: SCRIPT,
        mode: 'script',
        inputs: { n: 2n ** 70n, f: 1.5, when: new Date(0) },
        stdin: 'in',
        files: [
          { name: 'a.txt', content: 'é' },
          { name: 'b.bin', content: Uint8Array.of(0, 255) },
          { name: 'c.bin', content: Uint8Array.of(1, 2, 3).buffer },
          { name: 'd.bin', content: new Blob(['xyz']) },
          { name: 'e.bin', content: runInNewContext('Uint8Array.of(7, 8).subarray(1)') as Uint8Array },
        ],
        limits: { timeoutMs: 500 },
      });
      expect(server.asked[0]?.headers['x-api-key']).toBe('pycell_k');
      expect(server.asked[0]?.body).toBe(
        `{"script":${JSON.stringify(SCRIPT)},"mode":"script","inputs":{"n":1180591620717411303424,"f":1.5,` +
          '"when":"1970-01-01T00:00:00.000Z"},"stdin":"in","files":[{"name":"a.txt","text":"é"},' +
          '{"name":"b.bin","base64":"AP8="},{"name":"c.bin","base64":"AQID"},{"name":"d.bin","base64":"eHl6"},' +
          '{"name":"e.bin","base64":"CA=="}],' +
          '"limits":{"timeoutMs":500}}',
      );
    });

    it('sends an empty standard input, which is another one than none', async () => {
      server.on('POST /execute', json(200, executed('null')));
      await clientOf().execute({ script: 's', stdin: '' });
      expect(server.asked[0]?.body).toBe('{"script":"s","stdin":""}');
    });

    it('returns the result, its text, what was printed and measured, and artifacts as bytes', async () => {
      const artifacts = [{ name: 'a/b.bin', mediaType: 'x/y', sizeBytes: 2, base64: 'AP8=' }];
      const text = '{"n": 12345678901234567890, "2": 1.0, "1": []}';
      server.on('POST /execute', json(200, executed(text, { stdout: 'out\n', stderr: 'err', artifacts })));
      expect(await clientOf().execute({ script: SCRIPT })).toEqual({
        result: { n: 12345678901234567000, '2': 1, '1': [] },
        resultText: text,
        stdout: 'out\n',
        stderr: 'err',
        artifacts: [{ name: 'a/b.bin', mediaType: 'x/y', sizeBytes: 2, bytes: Uint8Array.of(0, 255) }],
        execution: EXECUTION,
      });
      const { result } = await clientOf({ integers: 'bigint' }).execute<{ n: bigint }>({ script: SCRIPT });
      expect(result.n).toBe(12345678901234567890n);
    });

    it.each([
      [422, 'SCRIPT_ERROR', ScriptError],
      [400, 'SYNTAX_ERROR', ScriptError],
      [400, 'POLICY_VIOLATION', ScriptError],
      [422, 'TIMEOUT', ScriptError],
      [422, 'IDEMPOTENCY_KEY_REUSED', RefusedError],
      [400, 'INVALID_REQUEST', RefusedError],
      [401, 'UNAUTHENTICATED', RefusedError],
      [429, 'RATE_LIMITED', RefusedError],
      [503, 'SANDBOX_BUSY', ServiceError],
      [500, 'INTERNAL', ServiceError],
      [422, 'NEWER_THAN_THIS', ScriptError],
      [409, 'NEWER_THAN_THIS', RefusedError],
      [507, 'constructor', ServiceError],
    ])('throws for %d %s an error of its class', async (status, code, type) => {
      server.on('POST /execute', json(status, failed(code), { 'Retry-After': '7' }));
      const error = await errorOf(clientOf().execute({ script: SCRIPT }));
      expect(error).toBeInstanceOf(type);
      expect(error).toMatchObject({
        name: type.name,
        message: `about ${code}`,
        code,
        status,
        requestId: 'r1',
        retryAfterSeconds: 7,
        execution: null,
      });
      expect(isScriptError(error)).toBe(type === ScriptError);
    });

    it('tells everything that the service said of an error', async () => {
      const artifacts = [{ name: 'a', mediaType: 'x/y', sizeBytes: 1, base64: 'AA==' }];
      const violations = [{ message: 'm', line: 1, column: 2, endLine: 1, endColumn: 3 }];
      const facts = { hint: 'h', line: 2, column: 3, traceback: 't', stdout: 'o', stderr: 'e', exitCode: 3 };
      const more = { ...facts, signal: 'SIGSEGV', violations, artifacts, execution: EXECUTION, traceId: 'x' };
      server.on('POST /execute', json(422, failed('SCRIPT_EXITED', more)));
      expect(await errorOf(clientOf().execute({ script: SCRIPT }))).toMatchObject({
        ...facts,
        signal: 'SIGSEGV',
        violations,
        execution: EXECUTION,
        traceId: 'x',
        artifacts: [{ name: 'a', bytes: Uint8Array.of(0) }],
        retryAfterSeconds: null,
      });
    });

    it('tells the request by its header where the body does not', async () => {
      server.on('POST /execute', json(503, { error: 'gone', code: 'SANDBOX_BUSY' }));
      expect((await errorOf(clientOf().execute({ script: SCRIPT }))).requestId).toBe('r-head');
    });

    it.each([
      ['a page', 200, '<html>'],
      ['JSON of another service', 200, '{"status":"ok"}'],
      ['a result that is no JSON', 200, executed('[1,]')],
      [
        'an artifact that is no base64',
        200,
        executed('1', { artifacts: [{ name: 'a', mediaType: 'b', sizeBytes: 1, base64: '%' }] }),
      ],
      [
        'an error with an artifact that is no base64',
        422,
        failed('SCRIPT_ERROR', { artifacts: [{ name: 'a', mediaType: 'b', sizeBytes: 1, base64: '%' }] }),
      ],
      ['a page of a gateway', 502, '<html>Bad Gateway</html>'],
      ['an error of another service', 404, '{"message":"oops"}'],
    ])('tells %s from an answer of pycell', async (_what, status, body) => {
      server.on('POST /execute', json(status, body, { 'Content-Type': 'text/x-test' }));
      const error = await errorOf(clientOf().execute({ script: SCRIPT }));
      expect(error).toMatchObject({
        kind: 'service',
        code: 'UNEXPECTED_ANSWER',
        status,
        requestId: 'r-head',
      });
      expect(error.message).toContain(`${status}, text/x-test`);
    });

    it('follows no redirect: neither script nor key goes to another address', async () => {
      const elsewhere = new TestServer();
      const target = await elsewhere.start();
      elsewhere.on('POST /execute', json(200, executed('1')));
      server.on('POST /execute', (response) =>
        response.writeHead(307, { Location: `${target}/execute` }).end(),
      );
      const error = await errorOf(clientOf({ apiKey: 'pycell_k' }).execute({ script: SCRIPT }));
      expect(error).toMatchObject({ code: 'UNEXPECTED_ANSWER', mayHaveRun: false });
      expect(error.message).toMatch(/leads to another one/);
      expect(elsewhere.asked).toEqual([]);
      await elsewhere.stop();
    });

    it('tells that nothing listens there, and that nothing was run', async () => {
      const gone = new TestServer();
      const address = await gone.start();
      await gone.stop();
      const error = await errorOf(clientOf({ baseUrl: address }).execute({ script: SCRIPT }));
      expect(error).toMatchObject({
        kind: 'network',
        code: 'CONNECTION_FAILED',
        status: null,
        mayHaveRun: false,
      });
      expect(error.message).toMatch(/ECONNREFUSED/);
    });

    it('tells an answer that broke off', async () => {
      server.on('POST /execute', (response) => {
        response.writeHead(200, { 'Content-Length': '1000' });
        response.write('{"result":', () => response.destroy());
      });
      const error = await errorOf(clientOf().execute({ script: SCRIPT }));
      expect(error).toMatchObject({ kind: 'network', code: 'ANSWER_CUT', mayHaveRun: true });
    });

    it('throws the reason of an abort, and lets go of the connection', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const closed = new Promise((resolve) => {
        server.on('POST /execute', (response) => {
          response.once('close', resolve);
          controller.abort(reason);
        });
      });
      const run = clientOf().execute({ script: SCRIPT }, { signal: controller.signal });
      await expect(run).rejects.toBe(reason);
      await closed;
      await expect(clientOf().execute({ script: SCRIPT }, { signal: controller.signal })).rejects.toBe(
        reason,
      );
    });

    it.each([
      [{ script: 7 }, 'script is of type number'],
      [{ script: '', inputs: { x: NaN } }, 'inputs.x is NaN'],
      [{ script: '', files: [{ name: 'a', content: 7 }] }, 'The content of file "a" must be'],
    ])('refuses %j before anything is sent', async (request, message) => {
      server.on('POST /execute', json(200, executed('1')));
      await expect(clientOf().execute(request as never)).rejects.toThrow(message);
      expect(server.asked).toEqual([]);
    });
  });

  it.each([
    [{ baseUrl: 'localhost' }, 'baseUrl is "localhost"'],
    [{ baseUrl: 'ftp://host' }, 'baseUrl is "ftp://host"'],
    [{ baseUrl: 'http://me:secret@host' }, 'baseUrl must have no user'],
    [{ baseUrl: 'ftp://me:secret@host' }, 'baseUrl must be an address'],
    [{ baseUrl: 'http://me:secret@ho st' }, 'baseUrl must be an address'],
    [{ baseUrl: 'ho st?key=secret' }, 'baseUrl must be an address'],
    [{ apiKey: 'secret\nX: y' }, 'apiKey must consist of'],
    [{ retry: { attempts: 0 } }, 'retry.attempts is 0'],
    [{ retry: { totalMs: NaN } }, 'retry.totalMs is NaN'],
  ])('does not take the options %j, and repeats no secret', (options, message) => {
    expect(() => clientOf(options)).toThrow(message);
    expect(() => clientOf(options)).not.toThrow(/secret/);
  });

  it('shows its key to nobody who writes down what is in a client', () => {
    const client = clientOf({ apiKey: 'pycell_SECRET' });
    const everything = { depth: Infinity, showHidden: true };
    expect(inspect(client, everything)).not.toContain('SECRET');
    expect(inspect(client.executions, everything)).not.toContain('SECRET');
    expect(JSON.stringify(client)).not.toContain('SECRET');
  });

  it('describes a script', async () => {
    const main = { async: false, doc: null, parameters: { properties: { n: { default: 0 } } } };
    const validation = { valid: true, violations: [], syntaxError: null, imports: {}, main };
    const body = JSON.stringify(validation).replace('"default":0', '"default":12345678901234567890');
    server.on('POST /validate', json(200, body));
    const read = await clientOf({ integers: 'bigint' }).validate({ script: SCRIPT, mode: 'function' });
    expect(read.main?.parameters).toEqual({ properties: { n: { default: 12345678901234567890n } } });
    expect(server.asked[0]?.body).toBe(JSON.stringify({ script: SCRIPT, mode: 'function' }));
    server.on('POST /validate', json(200, '{}'));
    expect((await errorOf(clientOf().validate({ script: '' }))).code).toBe('UNEXPECTED_ANSWER');
  });

  it('asks what the service is, and what there is to import', async () => {
    server.on('GET /', json(200, { name: 'pycell', limits: { timeoutSeconds: 10 } }));
    server.on('GET /modules', json(200, { modules: ['json'] }));
    expect((await clientOf().metadata()).limits.timeoutSeconds).toBe(10);
    expect(await clientOf().modules()).toEqual(['json']);
    server.on('GET /', json(200, { name: 'judge', limits: {} }));
    server.on('GET /modules', json(200, {}));
    expect((await errorOf(clientOf().metadata())).code).toBe('UNEXPECTED_ANSWER');
    expect((await errorOf(clientOf().modules())).code).toBe('UNEXPECTED_ANSWER');
  });

  it('works with a fetch of one’s own', async () => {
    const asked: unknown[] = [];
    const client = clientOf({
      fetch: (url, init) => {
        asked.push(url, init.method);
        return Promise.resolve(new Response(executed('3')));
      },
    });
    expect((await client.execute({ script: SCRIPT })).result).toBe(3);
    expect(asked).toEqual([`${baseUrl}/execute`, 'POST']);
  });
});
