import { connect } from 'node:net';
import { API_PATHS, type ErrorResponse } from '@pycell/contracts';
import { WatchedServer } from './harness/loop-stall';

/** What no packet may hold the event loop for, milliseconds. */
const PROMISED_MS = 20;

describe('Requests as an attacker writes them', () => {
  let watched: WatchedServer;

  beforeAll(async () => {
    watched = await WatchedServer.start({ BUILD: 'local', CONCURRENCY: '1' });
  });

  afterAll(() => watched.stop());

  /** Sends all of `text` at once; resolves when the server ends the connection. */
  function send(text: string): Promise<void> {
    const { hostname, port } = new URL(watched.server.client.baseUrl);
    return new Promise((resolve) => {
      connect(Number(port), hostname)
        .on('error', () => undefined)
        .on('close', () => resolve())
        .resume()
        .write(text);
    });
  }

  it.each([
    ['a path that is none', 'GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['the description', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
    ['what Node refuses itself', 'GET / HTTP/1.1\r\n\r\n'],
  ])('thousands in one packet hold nobody: %s', async (_what, text) => {
    // What is compiled only once is no property of a packet.
    for (let count = 0; count < 5; count++) {
      await watched.server.client.get('/x');
      await send(text.repeat(3));
    }
    const { stallMs } = await watched.leastStall(PROMISED_MS, () => send(text.repeat(2_400)));
    expect(stallMs).toBeLessThan(PROMISED_MS);
    expect((await watched.server.client.get(API_PATHS.live)).status).toBe(200);
  });

  it('a request behind another one cancels both', async () => {
    const script = 'import time\ndef main():\n    time.sleep(8)';
    const body = JSON.stringify({ script });
    const startedAt = performance.now();
    await send(
      `POST /execute HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}` +
        'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
    );
    expect((await watched.server.client.execute('def main():\n    return 1\n')).status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(7_000);
  });

  it.each([
    ['/docs/swagger-ui.css', { Range: 'bytes=99999999-' }],
    ['/docs/swagger-ui.css', { 'If-Match': '"x"' }],
    ['/docs/swagger-ui.css', { 'If-Unmodified-Since': 'Thu, 01 Jan 1970 00:00:00 GMT' }],
    ['/docs/%', {}],
    ['/docs/%00', {}],
    ['/docs/..%2f..%2fpackage.json', {}],
  ])('GET %s with %j is refused, and is no error of the service', async (path, headers) => {
    const { status, body } = await watched.server.client.get<ErrorResponse>(path, headers);
    expect({ status, code: body.code }).toEqual(
      expect.objectContaining(
        status === 404 ? { code: 'NOT_FOUND' } : { status: 400, code: 'INVALID_REQUEST' },
      ),
    );
  });

  it('odd ranges and conditions are no error of the service anywhere', async () => {
    const odd: Readonly<Record<string, string>>[] = [
      { Range: 'bytes=99999999-' },
      { Range: 'bytes=5-1,-0,x' },
      { 'If-Match': '"x"' },
      { 'If-None-Match': '*' },
      { 'If-Modified-Since': 'never' },
      { 'If-Range': '"x"', Range: 'bytes=0-' },
      { Expect: 'nothing' },
      { Accept: 'a/b;q=x' },
    ];
    for (const path of [
      '/',
      '/health',
      '/health/live',
      '/openapi.json',
      '/docs',
      '/docs/',
      '/docs-json',
      '/docs/swagger-ui-bundle.js',
    ]) {
      for (const headers of odd) {
        const { status } = await watched.server.client.get(path, headers);
        expect({ path, headers, refused: status >= 500 }).toEqual({ path, headers, refused: false });
      }
    }
    expect(watched.server.log).not.toMatch(/"level":50/);
  });
});
