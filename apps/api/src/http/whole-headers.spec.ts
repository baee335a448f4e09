import { createServer, type Server } from 'node:http';
import { answerClientErrors } from './client-errors';
import { exchangeWith } from './exchange.contract';
import { allowOneRequestAtATime } from './one-request-at-a-time';
import { MAX_HEADERS, refuseManyHeaders } from './whole-headers';

let server: Server;
/** What each request had that was served: its header lines, and the value of the last. */
let served: { lines: number; last: string | undefined; told: unknown }[];

beforeEach(async () => {
  served = [];
  server = createServer(({ url, rawHeaders, headers }, response) => {
    served.push({ lines: rawHeaders.length / 2, last: rawHeaders.at(-1), told: headers['x-last'] });
    if (url !== '/wait') {
      response.end('served');
    }
  });
  answerClientErrors(server);
  refuseManyHeaders(server);
  allowOneRequestAtATime(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A request of so many header lines. */
function request(lines: number, connection = 'close'): string {
  const more = 'a:b\r\n'.repeat(lines - 3);
  return `POST / HTTP/1.1\r\nConnection: ${connection}\r\nHost: x\r\n${more}X-Last: z\r\n\r\n`;
}

describe('refuseManyHeaders', () => {
  // Node takes headers from the parser 32 at a time.
  it.each([3, 31, 32, 33, 192, 193, 199, MAX_HEADERS])(
    'serves a request of %d lines whole',
    async (lines) => {
      expect(await exchangeWith(server, request(lines))).toMatch(/^HTTP\/1.1 200 .*served/s);
      expect(served).toEqual([{ lines, last: 'z', told: 'z' }]);
    },
  );

  it.each([MAX_HEADERS + 1, 202, 223, 224, 225, 256, 257, 300, 1_900])(
    'refuses one of %d lines, and looks at nothing of it',
    async (lines) => {
      const answer = await exchangeWith(server, request(lines));
      expect(answer).toMatch(
        /^HTTP\/1.1 431 .*X-Request-Id: .*Connection: close.*more than 200 header lines/s,
      );
      expect(served).toEqual([]);
    },
  );

  it('refuses it also as the second one of a connection, and ends that', async () => {
    const answer = await exchangeWith(server, request(10, 'keep-alive'), (socket) => {
      socket.once('data', () => socket.write(request(300, 'keep-alive')));
    });
    expect(answer).toMatch(/^HTTP\/1.1 200 .*served.*HTTP\/1.1 431 /s);
    expect(served).toHaveLength(1);
  });

  it('says nothing to who sends it before the answer to another one', async () => {
    const waiting = request(10, 'keep-alive').replace('POST /', 'POST /wait');
    expect(await exchangeWith(server, waiting + request(300))).toBe('');
    expect(served).toHaveLength(1);
  });
});
