import { createServer } from 'node:net';
import { FakeApi } from './fake-api';
import { PageFolder } from './page-folder';
import { RunningServer } from './running-server';

describe('what is below /api', () => {
  const folder = new PageFolder();
  const api = new FakeApi();
  let server: RunningServer;

  /** A server in front of another API. */
  const inFrontOf = (upstream: string): Promise<RunningServer> =>
    RunningServer.start({ CONSOLE_FILES: folder.path, API_UPSTREAM: upstream });

  beforeAll(async () => {
    server = await inFrontOf(await api.listen());
  });

  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    await api.close();
    folder.remove();
  });

  it('goes to the API with method, path, query, headers and body, and its answer comes back as it is', async () => {
    api.handle = (request, response) => {
      let body = '';
      request.on('data', (piece) => (body += String(piece)));
      request.on('end', () => {
        response.writeHead(422, { 'Content-Type': 'application/json', 'X-Request-Id': 'r1' });
        const { method, url, headers } = request;
        response.end(JSON.stringify({ method, url, type: headers['content-type'], body }));
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
      type: 'application/json',
      body: '{"script":"é"}',
    });
  });

  it.each([
    ['/api', '/'],
    ['/api/', '/'],
    ['/api?x', '/?x'],
    ['/api/health/ready', '/health/ready'],
  ])('is asked for %s as %s', async (path, expected) => {
    api.handle = (request, response) => response.end(request.url);
    expect((await server.get(path)).body.toString()).toBe(expected);
  });

  it('is nothing that only begins alike', async () => {
    expect((await server.get('/apiary')).status).toBe(404);
  });

  describe('is asked by', () => {
    beforeEach(() => {
      api.handle = ({ headers }, response) =>
        response.end(JSON.stringify([headers.host, headers['x-forwarded-host']]));
    });

    const hostsSeen = async (by: RunningServer): Promise<unknown> =>
      JSON.parse((await by.get('/api/', { Host: 'localhost:3000' })).body.toString());

    it('the name that the person used where the API is on this machine, which has the same ALLOWED_HOSTS', async () => {
      expect(await hostsSeen(server)).toEqual(['localhost:3000', 'localhost:3000']);
    });

    it('its own name where it is elsewhere, and may be told from others by that', async () => {
      // To Linux this is an address of the same machine; to the server it is none that it knows as such.
      const elsewhere = await inFrontOf(`http://0.0.0.0:${api.port}`);
      expect(await hostsSeen(elsewhere)).toEqual([`0.0.0.0:${api.port}`, 'localhost:3000']);
      await elsewhere.stop();
    });
  });

  describe('keeps the end of a body where it was, though Connection names', () => {
    const body = 'GET /smuggled HTTP/1.1\r\nHost: inner\r\n\r\n';

    it.each([
      ['its length', { Connection: 'close, Content-Length', 'Content-Length': String(body.length) }],
      ['its coding', { Connection: 'close, transfer-encoding', 'Transfer-Encoding': 'chunked' }],
    ])('%s', async (_what, headers) => {
      const seen: string[] = [];
      api.handle = (request, response) => {
        let received = '';
        request.on('data', (piece) => (received += String(piece)));
        request.on('end', () => {
          seen.push(`${request.url ?? ''} ${received}`);
          response.end();
        });
      };
      await server.send({ path: '/api/outer', method: 'GET', headers }, body);
      await server.get('/api/after');
      expect(seen).toEqual([`/outer ${body}`, '/after ']);
    });

    it('nothing, and the body is in pieces where others expect none', async () => {
      const seen: string[] = [];
      api.handle = (request, response) => {
        let received = '';
        request.on('data', (piece) => (received += String(piece)));
        request.on('end', () => {
          seen.push(`${request.method ?? ''} ${request.url ?? ''} ${received}`);
          response.end();
        });
      };
      const headers = { 'Transfer-Encoding': 'chunked' };
      await server.send({ path: '/api/outer', method: 'DELETE', headers }, body);
      await server.get('/api/after');
      expect(seen).toEqual([`DELETE /outer ${body}`, 'GET /after ']);
    });

    it('the length of an answer', async () => {
      api.handle = (_request, response) => {
        response.writeHead(200, {
          Connection: 'close, content-length, x-own',
          'Content-Length': 5,
          'X-Own': '1',
        });
        response.end('hello');
      };
      const { headers, body } = await server.get('/api/');
      expect(headers['content-length']).toBe('5');
      expect(headers['x-own']).toBeUndefined();
      expect(body.toString()).toBe('hello');
    });
  });

  it('is passed on as it comes where it is a stream', async () => {
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

  it('begins with its headers, however long a stream has nothing to say', async () => {
    let finish = (): void => undefined;
    api.handle = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.flushHeaders();
      finish = () => response.end();
    };
    const { headers, body } = await fetch(`http://127.0.0.1:${server.port}/api/events`);
    expect(headers.get('content-type')).toBe('text/event-stream');
    finish();
    await body?.cancel();
  });

  it('is no longer asked of the API when the person cancels', async () => {
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

  it('is answered 502 in the shape of the API when that is down', async () => {
    const lonely = await inFrontOf('http://127.0.0.1:9');
    const { status, body } = await lonely.get('/api/');
    expect(status).toBe(502);
    expect(JSON.parse(body.toString())).toEqual({
      error: expect.stringContaining('does not answer'),
      code: 'SANDBOX_UNAVAILABLE',
      requestId: expect.any(String),
    });
    await lonely.stop();
  });

  it.each(['HTTP/1.1 099 Odd', 'HTTP/1.1 200 O\u0001K', 'SSH-2.0-OpenSSH'])(
    'is answered 502, and nothing ends, when %j answers there',
    async (head) => {
      const odd = createServer((socket) => {
        // The server breaks it off, which is right.
        socket.on('error', () => socket.destroy());
        socket.once('data', () => socket.end(`${head}\r\nContent-Length: 0\r\n\r\n`));
      });
      await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
      const { port } = odd.address() as { port: number };
      const before = await inFrontOf(`http://127.0.0.1:${port}`);
      try {
        expect((await before.get('/api/')).status).toBe(502);
        expect((await before.get('/')).status).toBe(200);
      } finally {
        expect(await before.stop()).toBe(0);
        await new Promise((resolve) => odd.close(resolve));
      }
    },
  );
});
