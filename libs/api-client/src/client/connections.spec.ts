import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EXECUTION } from '../testing/test-server';
import { PycellClient } from './pycell-client';

const REQUEST = { script: 'def main():\n    return 1' };
const START = '{"type":"start","id":"e1"}\n';
const REST = `{"type":"result","result":1,"execution":${JSON.stringify(EXECUTION)}}\n{"type":"end"}\n`;

describe('The connections of a client', () => {
  let server: Server;
  let client: PycellClient;
  let connections = 0;
  let isEnding = true;
  let closed: () => void = () => undefined;

  beforeAll(async () => {
    server = createServer((request, response) => {
      request.resume();
      response.once('close', () => closed());
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      response.write(START);
      // As the service does: its last event, and a moment later the end of the answer.
      setTimeout(() => {
        response.write(REST);
        if (isEnding) {
          setImmediate(() => response.end());
        }
      }, 5);
    });
    server.on('connection', () => (connections += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new PycellClient({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function run(): Promise<void> {
    for await (const { type } of client.stream(REQUEST)) {
      expect(['start', 'result', 'end']).toContain(type);
    }
  }

  it('serve for one stream after the other', async () => {
    for (let count = 0; count < 10; count += 1) {
      await run();
      // The end of the answer is read behind the loop.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // One would do; a slow machine may need another.
    expect(connections).toBeLessThan(5);
  });

  it('are closed where an answer has its last event and does not end', async () => {
    isEnding = false;
    const closing = new Promise<void>((resolve) => (closed = resolve));
    await run();
    await closing;
  });
});
