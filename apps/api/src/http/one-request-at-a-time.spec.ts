import { Agent, createServer, get, IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { answerClientErrors } from './client-errors';
import { allowOneRequestAtATime } from './one-request-at-a-time';

let server: Server;
let parsed: number;
let dispatched: number;
let cancelled: number;

class CountedMessage extends IncomingMessage {
  constructor(...parts: ConstructorParameters<typeof IncomingMessage>) {
    super(...parts);
    parsed++;
  }
}

beforeEach(async () => {
  parsed = dispatched = cancelled = 0;
  server = createServer({ IncomingMessage: CountedMessage }, (_request, response) => {
    dispatched++;
    response.once('close', () => (cancelled += response.writableFinished ? 0 : 1));
    void delay(50).then(() => response.end('answer'));
  });
  answerClientErrors(server);
  allowOneRequestAtATime(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const port = (): number => (server.address() as AddressInfo).port;

/** Sends `text`, and resolves with all that comes back until the server ends the connection. */
function exchange(text: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port(), '127.0.0.1').setEncoding('utf8');
    socket.on('data', (piece: string) => (received += piece));
    socket.on('error', () => undefined).on('close', () => resolve(received));
    socket.write(text);
  });
}

describe('allowOneRequestAtATime', () => {
  it('ends a connection whose requests do not wait for answers, and parses no more of them', async () => {
    expect(await exchange('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2_000))).toBe('');
    expect({ dispatched, cancelled }).toEqual({ dispatched: 1, cancelled: 1 });
    expect(parsed).toBeLessThanOrEqual(2);
  });

  it('counts requests that Node answers itself, too', async () => {
    await exchange('GET / HTTP/1.1\r\n\r\n'.repeat(2_000));
    expect(dispatched).toBe(0);
    expect(parsed).toBeLessThanOrEqual(2);
  });

  it('serves one request after the other on one connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    for (let count = 0; count < 20; count++) {
      await new Promise<void>((resolve, reject) => {
        get({ port: port(), agent }, (answer) => {
          sockets.add(answer.socket);
          answer.resume().on('end', resolve);
        }).on('error', reject);
      });
    }
    agent.destroy();
    expect({ dispatched, cancelled, sockets: sockets.size }).toEqual({
      dispatched: 20,
      cancelled: 0,
      sockets: 1,
    });
  });
});
