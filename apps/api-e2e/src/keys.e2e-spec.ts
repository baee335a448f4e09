import { API_PATHS, type ErrorResponse, type MetadataResponse } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { executeWith, keyHeader, KeysFile, newKey } from './harness/keys-file';
import { RawConnection } from './harness/raw-connection';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const POSTS = [API_PATHS.execute, API_PATHS.executeBatch, API_PATHS.validate];
const HEALTH = [API_PATHS.health, API_PATHS.live, API_PATHS.ready, API_PATHS.startup];
const DOCUMENTS = [
  '/docs',
  '/docs/',
  '/DOCS',
  '/docs/index.html',
  '/docs/swagger-ui-init.js',
  '/docs/swagger-ui-bundle.js',
  '/docs/swagger-ui.css',
  '/docs-yaml',
  '/openapi.json',
  '/OpenAPI.json/',
];

describeCloud('Keys', () => {
  const file = new KeysFile();
  const key = file.add('shop');
  const disabled = file.add('former', { disabled: true });
  const expired = file.add('trial', { expires: '2020-01-01T00:00:00Z' });
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', API_KEYS_FILE: file.path });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  const refusalOf = async (headers: Readonly<Record<string, string>>) => {
    const { status, body, headers: told } = await executeWith(server.client, headers);
    return { status, code: body.code, error: body.error, challenge: told['www-authenticate'] };
  };

  it.each([
    ['X-API-Key', { 'X-API-Key': key }],
    ['Authorization', { Authorization: `Bearer ${key}` }],
    ['Authorization in small letters', { authorization: `bearer   ${key}` }],
  ])('lets who has one execute: by %s', async (_name, headers) => {
    expect(await executeWith(server.client, headers)).toMatchObject({
      status: 200,
      body: { result: 'hello' },
    });
  });

  it.each(POSTS)('are needed for POST %s', async (path) => {
    const ask = (headers: object) =>
      server.client.send<ErrorResponse>({
        method: 'POST',
        path,
        headers: { ...JSON_TYPE, ...headers },
        body: '{"script": "def main():\\n    return 1", "inputs": [{}]}',
      });
    const refused = await ask({});
    expect(refused).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(refused.body.error).toMatch(/needs a key.*X-API-Key.*Bearer/);
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="pycell"');
    expect(refused.body.requestId).toBe(refused.headers['x-request-id']);
    expect((await ask(keyHeader(key))).status).not.toBe(401);
  });

  it.each(['/EXECUTE', '/execute/', '/execute?x=1', '/nowhere', '/', '/health'])(
    'are needed for POST %s, which says nothing of whether it exists',
    async (path) => {
      const answer = await server.client.send({ method: 'POST', path, headers: JSON_TYPE, body: '{}' });
      expect(answer.status).toBe(401);
    },
  );

  it('are needed where the request line has the whole address', async () => {
    const raw = new RawConnection(server.client.baseUrl);
    raw.send(
      'POST http://x/execute HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
    );
    await raw.closed;
    expect(raw.status).toBe(401);
  });

  it('are not read from the query, the body or a cookie', async () => {
    for (const query of ['api_key', 'key', 'access_token', 'X-API-Key']) {
      const path = `${API_PATHS.execute}?${query}=${key}`;
      const body = `{"script": "def main(): pass", "key": "${key}"}`;
      const headers = { ...JSON_TYPE, Cookie: `X-API-Key=${key}`, 'Proxy-Authorization': `Bearer ${key}` };
      expect((await server.client.send({ method: 'POST', path, headers, body })).status).toBe(401);
    }
  });

  it('are refused alike whether they never were, are cut off, or have no form at all', async () => {
    const wrong = [
      newKey(),
      key.slice(0, -1),
      `${key}x`,
      key.toUpperCase(),
      'x',
      'pycell_',
      'x'.repeat(8000),
    ];
    const refusals = await Promise.all(wrong.map((text) => refusalOf(keyHeader(text))));
    refusals.push(await refusalOf({ Authorization: `Basic ${Buffer.from(key).toString('base64')}` }));
    refusals.push(await refusalOf({ Authorization: key }));
    const [first] = refusals;
    expect(first).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      challenge: 'Bearer realm="pycell", error="invalid_token"',
    });
    expect(refusals.every((refusal) => JSON.stringify(refusal) === JSON.stringify(first))).toBe(true);
  });

  it('say to who has them that they are switched off, or have expired', async () => {
    expect(await refusalOf(keyHeader(disabled))).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
      error: expect.stringMatching(/"former" is switched off/) as string,
      challenge: undefined,
    });
    expect(await refusalOf(keyHeader(expired))).toMatchObject({
      status: 401,
      code: 'UNAUTHENTICATED',
      error: expect.stringMatching(/"trial" expired at 2020-01-01T00:00:00.000Z/) as string,
      challenge: 'Bearer realm="pycell", error="invalid_token"',
    });
  });

  it.each([
    ['one header twice', `X-API-Key: ${key}\r\nX-API-Key: ${key}`],
    ['another one second', `X-API-Key: ${key}\r\nx-api-key: ${newKey()}`],
    ['another one first', `X-API-Key: ${newKey()}\r\nX-API-Key: ${key}`],
    ['both headers', `X-API-Key: ${key}\r\nAuthorization: Bearer ${key}`],
    ['Basic beside it', `X-API-Key: ${key}\r\nAuthorization: Basic dTpw`],
    ['Bearer twice', `Authorization: Bearer ${key}\r\nAuthorization: Bearer ${newKey()}`],
    ['two behind a comma', `X-API-Key: ${key}, ${newKey()}`],
    ['two behind Bearer', `Authorization: Bearer ${key}, Bearer ${key}`],
  ])('are one: %s is refused', async (_name, headers) => {
    const raw = new RawConnection(server.client.baseUrl);
    const body = '{"script": "def main(): pass"}';
    raw.send(
      `POST /execute HTTP/1.1\r\nHost: x\r\n${headers}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    await raw.closed;
    expect(raw.status).toBe(401);
    expect(raw.received).toMatch(/WWW-Authenticate: Bearer realm="pycell", error="invalid_request"\r\n/i);
    expect(raw.body).toMatchObject({
      code: 'UNAUTHENTICATED',
      error: expect.stringContaining('send one key') as string,
    });
  });

  it.each([150, 220, 300])('are one, however many headers lie between two: %d', async (lines) => {
    const raw = new RawConnection(server.client.baseUrl);
    const body = '{"script": "def main(): pass"}';
    raw.send(
      `POST /execute HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\n${'a:b\r\n'.repeat(lines)}X-API-Key: ${newKey()}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    await raw.closed;
    expect(raw.status).toBe(lines < 200 ? 401 : 431);
    expect(raw.body.error).toMatch(lines < 200 ? /more than one key/ : /more than 200 header lines/);
  });

  it('cannot hide in what is no header: folded lines, odd names, trailers', async () => {
    const body = '{"script": "def main(): pass"}';
    const chunked = `${body.length.toString(16)}\r\n${body}\r\n0\r\n`;
    const requests = [
      `Host: x\r\nX-Other: a\r\n X-API-Key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      `Host: x\r\nX-API-Key : ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      `Host: x\r\nX_API_Key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      `Host: x\r\nX-Other: a\rX-API-Key: ${key}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      `Host: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-API-Key\r\n\r\n${chunked}X-API-Key: ${key}\r\n\r\n`,
    ];
    for (const request of requests) {
      const raw = new RawConnection(server.client.baseUrl);
      raw.send(`POST /execute HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\n${request}`);
      await raw.closed;
      // What is not HTTP is refused before anybody looks for keys.
      expect([400, 401]).toContain(raw.status);
    }
  });

  it('are judged where none is needed, too, but never by a probe', async () => {
    for (const path of [API_PATHS.metadata, API_PATHS.modules, API_PATHS.docs, API_PATHS.openapi]) {
      expect((await server.client.get(path)).status).toBe(200);
      expect((await server.client.get(path, keyHeader(key))).status).toBe(200);
      expect((await server.client.get(path, keyHeader(newKey()))).status).toBe(401);
    }
    for (const path of HEALTH) {
      expect((await server.client.get(path, keyHeader('wrong'))).status).toBe(200);
      expect((await server.client.send({ method: 'HEAD', path })).status).toBe(200);
    }
  });

  it.each(['/nowhere', '/execute', '/docs-other', '/modules/x', '/healthy', '/favicon.ico'])(
    'are needed to read %s, which is not known to be open',
    async (path) => {
      const { client } = server;
      expect((await client.get<ErrorResponse>(path)).body.code).toBe('UNAUTHENTICATED');
      expect((await client.send({ method: 'HEAD', path })).status).toBe(401);
      expect((await client.get(path, keyHeader(newKey()))).status).toBe(401);
      expect((await client.get(path, keyHeader(key))).status).toBe(path === '/execute' ? 405 : 404);
    },
  );

  it('let a page ask whether it may send one, and read what became of it', async () => {
    const origin = { Origin: 'http://localhost:3000' };
    const asked = await server.client.send({
      method: 'OPTIONS',
      path: API_PATHS.execute,
      headers: {
        ...origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type,x-api-key',
      },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers['access-control-allow-headers']).toBe('authorization,content-type,x-api-key');
    const refused = await executeWith(server.client, origin);
    expect(refused.status).toBe(401);
    expect(refused.headers['access-control-allow-origin']).toBe(origin.Origin);
    expect(refused.headers['access-control-expose-headers']).toMatch(
      /WWW-Authenticate.*RateLimit.*RateLimit-Policy/,
    );
  });
});

describe('Access to what describes the service', () => {
  const file = new KeysFile();
  const key = file.add('shop');

  afterAll(() => file.dispose());

  const withServer = async (
    environment: Record<string, string>,
    test: (server: ApiServer) => Promise<void>,
  ) => {
    const server = await ApiServer.start({ BUILD: 'local', ...environment });
    try {
      await test(server);
    } finally {
      await server.stop();
    }
  };

  it('needs a key where the configuration says so, in every spelling', () =>
    withServer(
      { API_KEYS_FILE: file.path, METADATA_ACCESS: 'key', DOCS_ACCESS: 'key' },
      async ({ client }) => {
        const paths = [API_PATHS.metadata, '/?x', API_PATHS.modules, '/Modules/', '/nowhere', ...DOCUMENTS];
        for (const path of paths) {
          expect({ path, status: (await client.get(path)).status }).toEqual({ path, status: 401 });
          expect((await client.get(path, keyHeader(key))).status).not.toBe(401);
        }
        expect((await client.get(API_PATHS.openapi, keyHeader(key))).status).toBe(200);
        for (const path of HEALTH) {
          expect((await client.get(path)).status).toBe(200);
        }
      },
    ));

  it('has no documentation with DOCS_ACCESS=off, which is said as of any path to who has a key', () =>
    withServer({ API_KEYS_FILE: file.path, DOCS_ACCESS: 'off' }, async ({ client }) => {
      for (const path of DOCUMENTS) {
        expect({ path, status: (await client.get(path)).status }).toEqual({ path, status: 401 });
        expect((await client.get(path, keyHeader(key))).status).toBe(404);
      }
      expect((await client.get(API_PATHS.metadata)).status).toBe(200);
    }));

  it('can be had without the documentation', () =>
    withServer({ DOCS_ACCESS: 'off' }, async ({ client }) => {
      for (const path of DOCUMENTS) {
        const answer = await client.get<ErrorResponse>(path);
        expect({ path, status: answer.status, code: answer.body.code }).toEqual({
          path,
          status: 404,
          code: 'NOT_FOUND',
        });
      }
      const { endpoints } = (await client.get<MetadataResponse>(API_PATHS.metadata)).body;
      expect(endpoints.map(({ path }) => path)).not.toContain(API_PATHS.docs);
      expect(endpoints.map(({ path }) => path)).not.toContain(API_PATHS.openapi);
    }));

  it('is open without keys, where a key that is sent is not looked at', () =>
    withServer({}, async (server) => {
      expect((await executeWith(server.client, keyHeader('whatever'))).status).toBe(200);
      expect((await server.client.get(API_PATHS.metadata, keyHeader(newKey()))).status).toBe(200);
      expect(server.log).toMatch(/there are no keys/);
    }));
});
