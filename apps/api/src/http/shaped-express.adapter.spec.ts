import { Agent, get, IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import type { Request, Response } from 'express';
import { ShapedExpressAdapter } from './shaped-express.adapter';

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let adapter: ShapedExpressAdapter;
let server: Server;

beforeEach(async () => {
  adapter = new ShapedExpressAdapter();
  adapter.initHttpServer();
  server = adapter.getHttpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => adapter.close());

function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    get({ port, host: '127.0.0.1', path, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

/** Whether V8 gives two objects one hidden class, by which inline caches know them. */
function haveSameShape(one: object, other: object): boolean {
  setFlagsFromString('--allow-natives-syntax');
  try {
    const judge = runInThisContext('(one, other) => %HaveSameMap(one, other)') as typeof haveSameShape;
    return judge(one, other);
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

describe('ShapedExpressAdapter', () => {
  it('gives the requests and responses of a route one shape each', async () => {
    const requests: Request[] = [];
    const responses: Response[] = [];
    adapter.get('/shapes', (request: Request, response: Response) => {
      requests.push(request);
      responses.push(response);
      response.json({ path: request.path });
    });
    for (let round = 0; round < 20; round++) {
      expect(await ask('/shapes')).toBe('{"path":"/shapes"}');
    }
    for (const seen of [requests, responses]) {
      const [earlier = {}, later = {}] = seen.slice(-2);
      expect(earlier).not.toBe(later);
      expect(haveSameShape(earlier, later)).toBe(true);
    }
  });

  it('gives requests one shape whether or not they were looked at ahead of the application', async () => {
    const requests: Request[] = [];
    server.prependListener('request', (request: Request & { caller: unknown }) => {
      if (request.url === '/ahead') {
        request.caller = { id: 'ahead' };
      }
    });
    adapter.use((request: Request & { caller: unknown }, _response: Response, next: () => void) => {
      request.id = 'an id';
      request.caller ??= { id: 'at its station' };
      next();
    });
    adapter.get('/{*path}', (request: Request, response: Response) => {
      requests.push(request);
      response.end();
    });
    for (let round = 0; round < 20; round++) {
      await ask('/ahead');
      await ask('/station');
    }
    const [ahead = {}, station = {}] = requests.slice(-2);
    expect(ahead).toMatchObject({ caller: { id: 'ahead' } });
    expect(station).toMatchObject({ caller: { id: 'at its station' } });
    expect(haveSameShape(ahead, station)).toBe(true);
  });

  it("has Express's methods and Node's on them, and the application", async () => {
    adapter.get('/methods', (request: Request, response: Response) => {
      response.json([
        request instanceof IncomingMessage,
        response instanceof ServerResponse,
        request.get('host')?.startsWith('127.0.0.1:'),
        request.app === adapter.getInstance(),
        response.app === adapter.getInstance(),
      ]);
    });
    expect(await ask('/methods')).toBe('[true,true,true,true,true]');
  });

  it('ends connections that are idle when it closes', async () => {
    adapter.get('/', (_request: Request, response: Response) => response.end('answer'));
    const closed = new Promise((resolve) =>
      server.once('connection', (socket: Socket) => socket.once('close', resolve)),
    );
    await ask('/');
    await adapter.close();
    await closed;
  });
});
