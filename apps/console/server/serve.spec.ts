import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { RunningServer } from './running-server';

const PAGE = '<!doctype html><title>pycell</title>';
const SCRIPT = 'console.log("x");'.repeat(100);

/** An API that answers as each test wants. */
class FakeApi {
  handle: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) =>
    response.end('{}');
  private readonly server: Server = createServer((request, response) => this.handle(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('the console server', () => {
  const files = mkdtempSync(join(tmpdir(), 'pycell-console-'));
  const api = new FakeApi();
  let server: RunningServer;
  let upstream: string;

  beforeAll(async () => {
    mkdirSync(join(files, 'media'));
    writeFileSync(join(files, 'index.html'), PAGE);
    writeFileSync(join(files, 'config.json'), '{"apiUrl":"http://never.example"}');
    writeFileSync(join(files, 'main-ABCD1234.js'), SCRIPT);
    writeFileSync(join(files, 'worker-ABCD1234.js'), SCRIPT);
    writeFileSync(join(files, 'main-ABCD1234.js.br'), brotliCompressSync(SCRIPT));
    upstream = await api.listen();
    server = await RunningServer.start({ CONSOLE_FILES: files, API_UPSTREAM: upstream });
  });

  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    await api.close();
    rmSync(files, { recursive: true });
  });

  describe('files', () => {
    it('serves the page, to be asked for again each time', async () => {
      const { status, headers, body } = await server.get('/');
      expect(status).toBe(200);
      expect(body.toString()).toBe(PAGE);
      expect(headers['cache-control']).toBe('no-cache');
    });

    it('answers 304 to a browser that has the page', async () => {
      const { headers } = await server.get('/');
      expect((await server.get('/', { 'If-None-Match': headers.etag ?? '' })).status).toBe(304);
    });

    it('serves compressed and for ever what carries its content in its name', async () => {
      const { headers, body } = await server.get('/main-ABCD1234.js', { 'Accept-Encoding': 'gzip, br' });
      expect(headers['content-encoding']).toBe('br');
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(headers.vary).toMatch(/Accept-Encoding/i);
      expect(brotliDecompressSync(body).toString()).toBe(SCRIPT);
    });

    it('serves it plain to who does not decompress', async () => {
      const { headers, body } = await server.get('/main-ABCD1234.js');
      expect(headers['content-encoding']).toBeUndefined();
      expect(body.toString()).toBe(SCRIPT);
    });

    it.each([
      '/main-OLD00000.js',
      '/nothing',
      '/../serve.mjs',
      '/%2e%2e/%2e%2e/etc/passwd',
      '/%',
      '/main-ABCD1234.js/x',
    ])('answers 404 to %s', async (path) => {
      const { status, headers, body } = await server.get(path);
      expect(status).toBe(404);
      expect(headers['cache-control']).toBe('no-store');
      expect(JSON.parse(body.toString())).toMatchObject({ code: 'NOT_FOUND' });
    });

    it('tells the page the address of the API, whatever a file says', async () => {
      const { headers, body } = await server.get('/config.json');
      expect(JSON.parse(body.toString())).toEqual({ apiUrl: '/api' });
      expect(headers['cache-control']).toBe('no-cache');
    });

    it('refuses to write', async () => {
      expect((await server.send({ path: '/', method: 'POST' }, 'x')).status).toBe(405);
    });

    it('lets the page run only its own code, in no frame', async () => {
      const { headers } = await server.get('/');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    });

    it.each(['/worker-ABCD1234.js', '/config.json', '/?x=/main-ABCD1234.js'])(
      'sends the policy with everything that a browser makes a document or a worker of: %s',
      async (path) => {
        const { headers } = await server.get(path);
        expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      },
    );

    it('sends the parts of a page with less, and holds them to their type all the same', async () => {
      const { headers } = await server.get('/main-ABCD1234.js?v=1');
      expect(headers['content-security-policy']).toBeUndefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    });
  });

  describe('/api', () => {
    it('hands on method, path, query, headers and body, and the answer as it is', async () => {
      api.handle = (request, response) => {
        let body = '';
        request.on('data', (piece) => (body += String(piece)));
        request.on('end', () => {
          response.writeHead(422, { 'Content-Type': 'application/json', 'X-Request-Id': 'r1' });
          response.end(
            JSON.stringify({
              method: request.method,
              url: request.url,
              host: request.headers.host,
              type: request.headers['content-type'],
              body,
            }),
          );
        });
      };
      const { status, headers, body } = await server.send(
        { path: '/api/execute?x=1', method: 'POST', headers: { 'Content-Type': 'application/json' } },
        '{"script":"é"}',
      );
      expect(status).toBe(422);
      expect(headers['x-request-id']).toBe('r1');
      expect(headers['content-security-policy']).toBeUndefined();
      expect(JSON.parse(body.toString())).toEqual({
        method: 'POST',
        url: '/execute?x=1',
        host: upstream.replace('http://', ''),
        type: 'application/json',
        body: '{"script":"é"}',
      });
    });

    it.each([
      ['/api', '/'],
      ['/api/', '/'],
      ['/api?x', '/?x'],
      ['/api/health/ready', '/health/ready'],
    ])('asks for %s as %s', async (path, expected) => {
      api.handle = (request, response) => response.end(request.url);
      expect((await server.get(path)).body.toString()).toBe(expected);
    });

    it('does not take another path for the API', async () => {
      expect((await server.get('/apiary')).status).toBe(404);
    });

    it('passes a stream on as it comes', async () => {
      let finish = (): void => undefined;
      api.handle = (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write('data: 1\n\n');
        finish = () => response.end('data: 2\n\n');
      };
      const response = await fetch(`http://127.0.0.1:${server.port}/api/events`);
      const reader = response.body?.getReader();
      const first = await reader?.read();
      expect(Buffer.from(first?.value ?? []).toString()).toBe('data: 1\n\n');
      finish();
      const second = await reader?.read();
      expect(Buffer.from(second?.value ?? []).toString()).toBe('data: 2\n\n');
      expect((await reader?.read())?.done).toBe(true);
    });

    it('ends the request to the API when the person cancels', async () => {
      const controller = new AbortController();
      const gone = new Promise<void>((resolve) => {
        api.handle = (request) => {
          request.socket.once('close', () => resolve());
          controller.abort();
        };
      });
      const asking = fetch(`http://127.0.0.1:${server.port}/api/execute`, {
        method: 'POST',
        body: '{}',
        signal: controller.signal,
      });
      await expect(asking).rejects.toThrow();
      await gone;
    });

    it('breaks off when the API does, so that half an answer is not taken for a whole', async () => {
      api.handle = (_request, response) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('half');
        setImmediate(() => response.destroy());
      };
      await expect(server.get('/api/execute')).rejects.toThrow();
    });

    it('answers 502 in the shape of the API when that is down', async () => {
      const lonely = await RunningServer.start({
        CONSOLE_FILES: files,
        API_UPSTREAM: 'http://127.0.0.1:9',
      });
      const { status, body } = await lonely.get('/api/');
      expect(status).toBe(502);
      expect(JSON.parse(body.toString())).toEqual({
        error: expect.stringContaining('does not answer'),
        code: 'SANDBOX_UNAVAILABLE',
        requestId: expect.any(String),
      });
      await lonely.stop();
    });
  });

  describe('host names', () => {
    const status = async (host: string, to = server): Promise<number> =>
      (await to.get('/', { Host: host })).status;

    it('answers on loopback names only, so that a web page cannot get in by DNS rebinding', async () => {
      expect(await status('localhost:3000')).toBe(200);
      expect(await status('[::1]:3000')).toBe(200);
      expect(await status('evil.example')).toBe(400);
      expect((await server.get('/api/', { Host: 'evil.example:3000' })).status).toBe(400);
    });

    it('answers on the names that it is given', async () => {
      const named = await RunningServer.start({ CONSOLE_FILES: files, ALLOWED_HOSTS: 'py.example' });
      expect(await status('PY.example:80', named)).toBe(200);
      expect(await status('localhost', named)).toBe(400);
      await named.stop();
    });

    it('still refuses foreign names on all addresses when the API has no isolation', async () => {
      const local = await RunningServer.start({
        CONSOLE_FILES: files,
        CONSOLE_HOST: '0.0.0.0',
        BUILD: 'local',
      });
      expect(await status('evil.example', local)).toBe(400);
      await local.stop();
      const open = await RunningServer.start({ CONSOLE_FILES: files, CONSOLE_HOST: '0.0.0.0' });
      expect(await status('py.example', open)).toBe(200);
      await open.stop();
    });
  });

  describe('settings', () => {
    it.each([
      [{ CONSOLE_PORT: 'x' }, /CONSOLE_PORT is "x"/],
      [{ API_UPSTREAM: 'ftp://x' }, /API_UPSTREAM is "ftp:\/\/x"/],
      [{ CONSOLE_FILES: '/nowhere' }, /no built console in \/nowhere/],
    ])('says what is wrong with %p', async (environment, complaint) => {
      await expect(RunningServer.start({ CONSOLE_FILES: files, ...environment })).rejects.toThrow(complaint);
    });

    it('says which port is taken', async () => {
      await expect(
        RunningServer.start({ CONSOLE_FILES: files, CONSOLE_PORT: String(server.port) }),
      ).rejects.toThrow(/The port is in use.*CONSOLE_PORT/);
    });
  });
});
