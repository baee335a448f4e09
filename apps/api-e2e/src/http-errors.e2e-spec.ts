import { gzipSync } from 'node:zlib';
import {
  API_PATHS,
  bodyLimitBytes,
  DEFAULT_LIMITS,
  type ErrorCode,
  type ErrorResponse,
} from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import type { HttpAnswer } from './harness/http-client';

const OK_SCRIPT = 'def main():\n    return 1\n';
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** What the error table says of any failure: status, code, one sentence, the request's id. */
function expectError(answer: HttpAnswer, status: number, code: ErrorCode, error: string | RegExp): void {
  const body = answer.body as ErrorResponse | undefined;
  expect({ status: answer.status, code: body?.code, text: answer.text }).toEqual({
    status,
    code,
    text: expect.stringMatching(/^\{"error":/),
  });
  expect(body?.error).toEqual(typeof error === 'string' ? error : expect.stringMatching(error));
  expect(body?.requestId).toBe(answer.headers['x-request-id']);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
}

describe('Requests that cannot be executed', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'local',
      MAX_SCRIPT_SIZE: '100',
      TMP_SIZE_MB: '1',
      MAX_INPUTS_BYTES: '100',
    });
  });

  afterAll(() => server.stop());

  describe('INVALID_REQUEST', () => {
    it.each([
      ['a body that is not JSON', '{"script": ', /not valid JSON/],
      ['an empty body', '', /./],
      ['an array', '[]', /object/],
      ['null', 'null', /./],
      ['a string', '"def main(): pass"', /./],
      ['a number', '1', /./],
      ['an object without script', '{}', /script is missing/],
      ['a script of null', '{"script": null}', /script must be a string/],
      ['a script that is a number', '{"script": 5}', /script must be a string/],
      ['a script that is an array', '{"script": ["def main(): pass"]}', /script must be a string/],
      ['an unknown field', '{"script": "x", "timeout": 5}', /"timeout"/],
      ['an unknown field alone', '{"code": "x"}', /"code"/],
      ['an unknown field named __proto__', '{"script": "x", "__proto__": {"a": 1}}', /__proto__/],
      [
        'an unknown field that every object has',
        '{"script": "x", "constructor": {"name": "x"}}',
        /constructor/,
      ],
      ['an unknown field named toString', '{"script": "x", "toString": 1}', /toString/],
      ['half of a surrogate pair', '{"script": "def main():\\n    return \'\\ud800\'"}', /script.*surrogate/],
      ['half of a surrogate pair at the end', '{"script": "# \\udc00"}', /script.*surrogate/],
    ])('%s', async (_name, body, error) => {
      expectError(await server.client.postRaw(body), 400, 'INVALID_REQUEST', error);
    });

    it('invalid UTF-8 is replaced or refused, and never executed as something else', async () => {
      const body = Buffer.concat([
        Buffer.from('{"script": "def main():\\n    return \''),
        Buffer.from([0xff]),
        Buffer.from('\'"}'),
      ]);
      const answer = await server.client.postRaw(body);
      expect(answer.status === 400 || answer.body.result === '\ufffd').toBe(true);
    });

    it('never runs anything of a request that it refuses', async () => {
      const script = 'print("ran")\ndef main():\n    return 1';
      const answer = await server.client.postRaw(JSON.stringify({ script, debug: true }));
      expectError(answer, 400, 'INVALID_REQUEST', /"debug"/);
      expect(answer.body.stdout).toBeUndefined();
    });
  });

  describe('SCRIPT_TOO_LARGE counts code points', () => {
    /** A script of exactly `size` code points, nearly all of them astral. */
    function astralScript(size: number): string {
      const frame = 'def main():\n    return len("")';
      return frame.replace('""', `"${'😀'.repeat(size - frame.length)}"`);
    }

    it('accepts exactly the limit in astral characters', async () => {
      const answer = await server.client.execute(astralScript(100));
      expect({ status: answer.status, result: answer.body.result }).toEqual({ status: 200, result: 70 });
    });

    it('accepts exactly the limit where each character is escaped, twelve bytes each', async () => {
      const escaped = JSON.stringify({ script: astralScript(100) }).replace(
        /[\ud800-\udfff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
      );
      const answer = await server.client.postRaw(escaped);
      expect({ status: answer.status, result: answer.body.result }).toEqual({ status: 200, result: 70 });
    });

    it('refuses one character more, before policy and syntax', async () => {
      expectError(
        await server.client.execute(astralScript(101)),
        400,
        'SCRIPT_TOO_LARGE',
        /101 characters.*limit is 100/,
      );
      expectError(
        await server.client.execute(`import os (${' '.repeat(100)}`),
        400,
        'SCRIPT_TOO_LARGE',
        /limit is 100/,
      );
    });
  });

  describe('NOT_FOUND and METHOD_NOT_ALLOWED', () => {
    it.each(['/nothing', '/execute/x', '/health/nothing', '/favicon.ico', '/api/execute'])(
      'answers 404 to GET %s',
      async (path) => {
        expectError(await server.client.get(path), 404, 'NOT_FOUND', /./);
      },
    );

    it.each([
      ['GET', API_PATHS.execute, 'POST'],
      ['PUT', API_PATHS.execute, 'POST'],
      ['DELETE', API_PATHS.execute, 'POST'],
      ['POST', API_PATHS.metadata, 'GET, HEAD'],
      ['POST', API_PATHS.health, 'GET, HEAD'],
      ['DELETE', API_PATHS.live, 'GET, HEAD'],
      ['POST', API_PATHS.openapi, 'GET, HEAD'],
    ])('answers 405 with Allow to %s %s', async (method, path, allow) => {
      const answer = await server.client.send({ method, path, headers: JSON_TYPE });
      expectError(answer, 405, 'METHOD_NOT_ALLOWED', new RegExp(method));
      expect(answer.headers.allow).toBe(allow);
    });

    it('answers 405 also where the path ends in a slash or has a query', async () => {
      for (const path of ['/execute/', '/execute?x=1', '/EXECUTE']) {
        expectError(await server.client.get(path), 405, 'METHOD_NOT_ALLOWED', /GET/);
      }
    });

    it('answers HEAD like GET, without a body', async () => {
      const answer = await server.client.send({ method: 'HEAD', path: API_PATHS.live });
      expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '' });
    });
  });

  describe('PAYLOAD_TOO_LARGE', () => {
    it('refuses a body beyond what a permitted script can need', async () => {
      const limit = bodyLimitBytes({
        ...DEFAULT_LIMITS,
        maxScriptSize: 100,
        tmpSizeMb: 1,
        maxInputsBytes: 100,
      });
      const padded = (size: number): string => {
        const body = JSON.stringify({ script: OK_SCRIPT });
        return body + ' '.repeat(size - body.length);
      };
      expect((await server.client.postRaw(padded(limit))).status).toBe(200);
      expectError(
        await server.client.postRaw(padded(limit + 1)),
        413,
        'PAYLOAD_TOO_LARGE',
        new RegExp(String(limit)),
      );
    });
  });

  describe('UNSUPPORTED_MEDIA_TYPE', () => {
    const body = JSON.stringify({ script: OK_SCRIPT });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
    ])('refuses %s and names it', async (type) => {
      const answer = await server.client.postRaw(body, { 'Content-Type': type });
      expectError(answer, 415, 'UNSUPPORTED_MEDIA_TYPE', new RegExp(type.split(';')[0] ?? type));
    });

    it('refuses a body without a type', async () => {
      expectError(await server.client.postRaw(body, {}), 415, 'UNSUPPORTED_MEDIA_TYPE', /none/);
    });

    it('refuses another charset and an unknown content encoding', async () => {
      const latin = { 'Content-Type': 'application/json; charset=iso-8859-1' };
      expectError(await server.client.postRaw(body, latin), 415, 'UNSUPPORTED_MEDIA_TYPE', /charset/);
      const encoded = { ...JSON_TYPE, 'Content-Encoding': 'snappy' };
      expectError(await server.client.postRaw(body, encoded), 415, 'UNSUPPORTED_MEDIA_TYPE', /encoding/);
    });

    it.each(['utf-16', 'utf-16le', 'utf-16be', 'utf-7', 'utf-32'])(
      'refuses %s, whatever it holds',
      async (charset) => {
        const type = { 'Content-Type': `application/json; charset=${charset}` };
        const hidden = Buffer.from('['.repeat(1_500), 'utf16le');
        const answer = await server.client.postRaw(hidden, type);
        expectError(answer, 415, 'UNSUPPORTED_MEDIA_TYPE', /charset .*send it as UTF-8/);
      },
    );

    it('accepts utf-8, said aloud, and a compressed body', async () => {
      const utf8 = { 'Content-Type': 'application/json; charset=UTF-8' };
      expect((await server.client.postRaw(body, utf8)).status).toBe(200);
      const gzip = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };
      expect((await server.client.postRaw(gzipSync(body), gzip)).status).toBe(200);
    });

    it('applies the body limit to what a compressed body becomes', async () => {
      const bomb = gzipSync(JSON.stringify({ script: ' '.repeat(10_000_000) }));
      const answer = await server.client.postRaw(bomb, { ...JSON_TYPE, 'Content-Encoding': 'gzip' });
      expectError(answer, 413, 'PAYLOAD_TOO_LARGE', /limit/);
    });
  });

  it('has a default limit that the contracts state', () => {
    expect(DEFAULT_LIMITS.maxScriptSize).toBe(10_000);
  });

  it('still executes after all of that', async () => {
    expect((await server.client.execute(OK_SCRIPT)).body.result).toBe(1);
  });
});
