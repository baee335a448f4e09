import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { endConnectionsByAnswers } from './last-requests';
import type { OpenResponses } from './open-responses';

let server: Server;
const agent = new Agent({ keepAlive: true });

const ask = (): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    get({ port, host: '127.0.0.1', agent }, (response) => {
      response.resume().once('end', () => resolve(response));
    }).once('error', reject);
  });

beforeEach(async () => {
  server = createServer((_, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  agent.destroy();
  server.close();
});

describe('endConnectionsByAnswers', () => {
  it('has each answer say that its connection ends, and those that are open, too', async () => {
    expect((await ask()).headers.connection).toBe('keep-alive');
    const endConnections = jest.fn();
    endConnectionsByAnswers(server, { endConnections } as unknown as OpenResponses);
    expect(endConnections).toHaveBeenCalledTimes(1);
    // On the connection that was kept.
    const { headers, statusCode } = await ask();
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    expect((await ask()).headers.connection).toBe('close');
  });
});
