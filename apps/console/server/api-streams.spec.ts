import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { FakeApi } from './fake-api';
import { PageFolder } from './page-folder';
import { RunningServer } from './running-server';

const STREAM = { 'Content-Type': 'application/x-ndjson', 'X-Accel-Buffering': 'no' };

describe('a run that is answered while it goes on', () => {
  const folder = new PageFolder();
  const api = new FakeApi();
  let server: RunningServer;

  beforeAll(async () => {
    server = await RunningServer.start({ CONSOLE_FILES: folder.path, API_UPSTREAM: await api.listen() });
  });

  afterAll(async () => {
    expect(await server.stop()).toBe(0);
    await api.close();
    folder.remove();
  });

  /** The answer, as soon as it begins. */
  async function run(): Promise<IncomingMessage> {
    const asking = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/api/execute',
      method: 'POST',
      agent: false,
      headers: { 'Accept-Encoding': 'gzip, deflate, br', Accept: 'application/x-ndjson' },
    });
    asking.on('error', () => undefined);
    asking.end('{"script":""}');
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    return response;
  }

  it('comes line by line, uncompressed, and says to proxies in front that it must not be held back', async () => {
    let send = (_text: string): void => undefined;
    api.handle = (asked, response) => {
      response.writeHead(200, { ...STREAM, 'X-Accepts': asked.headers.accept ?? '' });
      response.flushHeaders();
      send = (text) => response.write(text);
    };
    const response = await run();
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'x-accel-buffering': 'no',
      'x-accepts': 'application/x-ndjson',
    });
    expect(response.headers['content-encoding']).toBeUndefined();
    for (const line of ['{"type":"start"}\n', '{"type":"stdout","text":"é"}\n', '{"type":"ping"}\n']) {
      send(line);
      const [piece] = (await once(response, 'data')) as [Buffer];
      expect(piece.toString()).toBe(line);
    }
    response.destroy();
  });

  it('comes event by event where a run in the background tells of itself, from where its reader says', async () => {
    let send = (_text: string): void => undefined;
    api.handle = (asked, response) => {
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'X-Accel-Buffering': 'no',
        'X-Asked': `${asked.url ?? ''} ${String(asked.headers['last-event-id'])}`,
      });
      response.flushHeaders();
      send = (text) => response.write(text);
    };
    const asking = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/api/executions/0123/events',
      agent: false,
      headers: { 'Accept-Encoding': 'gzip, deflate, br', 'Last-Event-ID': '7' },
    });
    asking.on('error', () => undefined);
    asking.end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
      'x-asked': '/executions/0123/events 7',
    });
    expect(response.headers['content-encoding']).toBeUndefined();
    for (const text of ['id: 8\nevent: stdout\ndata: {"text":"é"}\n\n', ': ping\n\n']) {
      send(text);
      const [piece] = (await once(response, 'data')) as [Buffer];
      expect(piece.toString()).toBe(text);
    }
    response.destroy();
  });

  it('ends at the API when the person leaves in the middle', async () => {
    const gone = new Promise<void>((resolve) => {
      api.handle = (_asked, response) => {
        response.writeHead(200, STREAM);
        response.write('{"type":"start"}\n');
        response.once('close', () => resolve());
      };
    });
    const response = await run();
    await once(response, 'data');
    response.destroy();
    await gone;
  });

  it('is cut where the API cuts it, so that nobody takes it for complete', async () => {
    api.handle = (_asked, response) => {
      response.writeHead(200, STREAM);
      response.write('{"type":"start"}\n', () => response.destroy());
    };
    const response = await run();
    response.resume();
    await new Promise((resolve) => response.once('close', resolve));
    expect(response.complete).toBe(false);
  });

  it('is slowed down at the API by a reader that is slow: nothing is gathered in between', async () => {
    const line = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    let goOn = (): void => undefined;
    api.handle = (_asked, response) => {
      response.writeHead(200, STREAM);
      goOn = () => {
        // 256 MiB, were it not held back.
        while (sent < 4_096) {
          sent += 1;
          if (!response.write(line)) return;
        }
        response.end();
      };
      response.on('drain', () => goOn());
      goOn();
    };
    const response = await run();
    // Nobody reads: when the buffers of two connections are full it goes no further.
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(sent).toBeLessThan(400);
    let received = 0;
    response.on('data', (piece: Buffer) => (received += piece.length));
    await once(response, 'end');
    expect(received).toBe(4_096 * line.length);
  });
});
