import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { PAGE, PageFolder, SCRIPT } from './page-folder';
import { RunningServer } from './running-server';

describe('the files of the page', () => {
  const folder = new PageFolder();
  let server: RunningServer;

  beforeAll(async () => {
    server = await RunningServer.start({ CONSOLE_FILES: folder.path });
  });

  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    folder.remove();
  });

  it('begin with the page, to be asked for again each time', async () => {
    const { status, headers, body } = await server.get('/');
    expect(status).toBe(200);
    expect(body.toString()).toBe(PAGE);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-cache');
  });

  it.each(['', 'W/"other", ', '*, '])(
    'are not sent to a browser that has them: If-None-Match %s',
    async (more) => {
      const { headers } = await server.get('/');
      const known = more === '*, ' ? '*' : `${more}${headers.etag ?? ''}`;
      const { status, body } = await server.get('/', { 'If-None-Match': known });
      expect(status).toBe(304);
      expect(body).toHaveLength(0);
      expect((await server.get('/', { 'If-None-Match': 'W/"other"' })).status).toBe(200);
    },
  );

  it('come compressed and for ever where their content is in their name', async () => {
    const path = '/main-ABCD1234.js';
    const { headers, body } = await server.get(path, { 'Accept-Encoding': 'gzip, br' });
    expect(headers['content-encoding']).toBe('br');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers.vary).toBe('Accept-Encoding');
    expect(brotliDecompressSync(body).toString()).toBe(SCRIPT);
    const older = await server.get(path, { 'Accept-Encoding': 'deflate, gzip;q=0.5, br;q=0' });
    expect(older.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(older.body).toString()).toBe(SCRIPT);
  });

  it('come plain to who does not decompress', async () => {
    const { headers, body } = await server.get('/main-ABCD1234.js');
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['content-length']).toBe(String(SCRIPT.length));
    expect(body.toString()).toBe(SCRIPT);
  });

  it('have the type without which a browser compiles no wasm while it loads', async () => {
    const { headers } = await server.get('/media/parser-ABCD1234.wasm');
    expect(headers['content-type']).toBe('application/wasm');
  });

  it('are described without their content to HEAD', async () => {
    const { status, headers, body } = await server.send({ path: '/main-ABCD1234.js', method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers['content-length']).toBe(String(SCRIPT.length));
    expect(body).toHaveLength(0);
  });

  it.each(['bytes=10-5', 'bytes=0-3', 'bytes=-5', 'bytes=99999-', 'lines=1', 'bytes=-'])(
    'come whole to who wants a part, and end nothing: Range %s',
    async (range) => {
      const { status, headers, body } = await server.get('/main-ABCD1234.js', { Range: range });
      expect(status).toBe(200);
      expect(headers['content-range']).toBeUndefined();
      expect(body.toString()).toBe(SCRIPT);
      expect((await server.get('/')).status).toBe(200);
    },
  );

  it.each([
    '/main-OLD00000.js',
    '/nothing',
    '/media',
    '/media/',
    '/../serve.mjs',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%',
    '/.hidden',
    '/main-ABCD1234.js/x',
    '/main-ABCD1234.js.br',
  ])('are not found at %s', async (path) => {
    const { status, headers, body } = await server.get(path);
    expect(status).toBe(404);
    expect(headers['cache-control']).toBe('no-store');
    expect(JSON.parse(body.toString())).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('may not be written', async () => {
    expect((await server.send({ path: '/', method: 'POST' }, 'x')).status).toBe(405);
  });

  it('tell the page the address of the API, beside itself, whatever a file says', async () => {
    const { headers, body } = await server.get('/config.json?v=1');
    expect(JSON.parse(body.toString())).toEqual({ apiUrl: './api' });
    expect(headers['content-type']).toBe('application/json');
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('stay those that the server was started with while others are built', async () => {
    const changing = new PageFolder();
    const started = await RunningServer.start({ CONSOLE_FILES: changing.path });
    changing.write('index.html', '<!doctype html><title>Another, longer page</title>');
    expect((await started.get('/')).body.toString()).toBe(PAGE);
    changing.remove();
    expect((await started.get('/')).body.toString()).toBe(PAGE);
    expect((await started.get('/main-ABCD1234.js', { 'Accept-Encoding': 'br' })).status).toBe(200);
    expect(await started.stop()).toBe(0);
  });

  describe('and their headers', () => {
    it('let the page run only its own code, in no frame', async () => {
      const { headers } = await server.get('/');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    });

    it.each(['/worker-ABCD1234.js', '/worker%2dABCD1234.js', '/config.json', '/?x=/main-ABCD1234.js'])(
      'have the policy with everything that a browser makes a document or a worker of: %s',
      async (path) => {
        const { status, headers } = await server.get(path);
        expect(status).toBe(200);
        expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      },
    );

    it('are fewer with the parts of a page, which are held to their type all the same', async () => {
      const { headers } = await server.get('/main-ABCD1234.js?v=1');
      expect(headers['content-security-policy']).toBeUndefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    });
  });
});
