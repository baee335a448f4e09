import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readConfiguration, type Configuration, type HttpOptions } from '../configuration/configuration';
import { answerClientErrors } from './client-errors';
import { limitConnections } from './connection-limits';
import type { ErrorAnswer, ErrorAnswers } from './error-answers';
import { callerIdOf } from '../callers/address';
import { exchangeWith } from './exchange.contract';
import { FailedRequests } from './failed-requests';
import { HeldBodies } from './held-bodies';

const ofAddress = ({ socket }: Request): string => callerIdOf(socket.remoteAddress ?? '');
let server: Server;
/** Requests to /run are answered when the test does it. */
let running: ServerResponse[] = [];

type Track = ReturnType<HeldBodies['trackBy']>;

async function listen(options: Partial<HttpOptions>, track?: Track): Promise<void> {
  server = createServer((request, response) => {
    if (request.url === '/run') {
      running.push(response);
      request.resume();
      return;
    }
    const answer = (): void => {
      request.on('end', () => response.end('whole'));
    };
    if (track) {
      track(request as Request, response as unknown as Response, answer);
    } else {
      answer();
      request.resume();
    }
  });
  answerClientErrors(server);
  limitConnections(server, { ...readConfiguration({}).http, ...options });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

const exchange = (text: string, onOpen?: (socket: Socket) => void, localAddress?: string): Promise<string> =>
  exchangeWith(server, text, onOpen, localAddress);

const head = (length: number, more = ''): string =>
  `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n${more}\r\n`;

beforeAll(() => {
  Logger.overrideLogger(false);
});
beforeEach(() => {
  running = [];
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('limitConnections', () => {
  it('ends requests whose headers or bodies do not come in time, and says so', async () => {
    await listen({ requestTimeoutMs: 300 });
    const answers = await Promise.all([
      exchange('POST / HTTP/1.1\r\nX: '),
      exchange(`${head(100)}half`),
      exchange(''),
    ]);
    expect(answers[0]).toMatch(/^HTTP\/1.1 408 .*did not arrive in time/s);
    expect(answers[1]).toMatch(/^HTTP\/1.1 408 .*did not arrive in time/s);
  });

  it('frees the place of a refused client that keeps its side open', async () => {
    await listen({ requestTimeoutMs: 300 });
    const socket = connect({
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      allowHalfOpen: true,
    });
    socket.on('error', () => undefined).write('P');
    await new Promise((resolve) => socket.resume().once('end', resolve));
    await delay(1_500);
    const open = await new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
    socket.destroy();
    expect(open).toBe(0);
  });

  it('lets a slow body arrive', async () => {
    await listen({ requestTimeoutMs: 5_000 });
    const answer = await exchange(head(4, 'Connection: close\r\n'), (socket) => {
      void (async () => {
        for (const letter of 'abcd') {
          await delay(100);
          socket.write(letter);
        }
      })();
    });
    expect(answer).toMatch(/^HTTP\/1.1 200 .*whole$/s);
  });

  const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n`;
  const last = 'Connection: close\r\n\r\n';
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      await delay(5);
    }
  };

  it('closes those that have waited longest, so that nobody is kept out', async () => {
    await listen({ maxConnections: 20 });
    const closed: number[] = [];
    ['', 'P', `${head(100)}half`, head(0), ''].forEach((text, index) => {
      void exchange(text).then(() => closed.push(index));
    });
    await delay(100);
    void Promise.all(Array.from({ length: 18 }, () => exchange('')));
    await until(() => closed.length >= 3);
    for (let request = 0; request < 10; request++) {
      expect(await exchange(get('/') + last)).toMatch(/^HTTP\/1.1 200/);
    }
    expect(closed.slice(0, 3).sort()).toEqual([0, 1, 2]);
    // The fourth was answered in between, so that it has waited for less time than the fifth.
    expect(closed.slice(3)).toEqual([4]);
  });

  it('cuts nothing that runs, whatever else is sent on its connection', async () => {
    await listen({ maxConnections: 4 });
    const runs = [
      exchange(get('/run') + last),
      exchange(`${head(4).replace(' / ', ' /run ')}body`),
      // The first of two is answered: the second still runs.
      exchange(`${get('/run')}\r\n${get('/run')}${last}`),
    ];
    await until(() => running.length === 4);
    running[2]?.end('first');
    for (let silent = 0; silent < 20; silent++) {
      void exchange('');
    }
    await delay(100);
    expect(await exchange(get('/') + last)).toMatch(/^HTTP\/1.1 200/);
    running[0]?.end('ran');
    running[3]?.end('second');
    running[1]?.setHeader('Connection', 'close').end('ran');
    const answers = await Promise.all(runs);
    expect(answers[0]).toMatch(/ran$/);
    expect(answers[1]).toMatch(/ran$/);
    expect(answers[2]).toMatch(/first.*second$/s);
  });

  it('closes new connections when all the others run', async () => {
    await listen({ maxConnections: 2 });
    const runs = [exchange(get('/run') + last), exchange(get('/run') + last)];
    await until(() => running.length === 2);
    expect(await exchange(get('/') + last)).toBe('');
    running.forEach((response) => response.end('ran'));
    expect(await Promise.all(runs)).toEqual([expect.stringMatching(/ran$/), expect.stringMatching(/ran$/)]);
    expect(await exchange(get('/') + last)).toMatch(/^HTTP\/1.1 200/);
  });
});

describe('HeldBodies', () => {
  const chunked = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
  const trackedBodies = (maxHeldBodyBytes: number, refused: ErrorAnswer[]): HeldBodies => {
    const send = (_request: Request, response: Response, answer: ErrorAnswer): void => {
      refused.push(answer);
      response.writeHead(503).end();
    };
    const http = { maxHeldBodyBytes, bodyLimitBytes: 50_000 };
    return new HeldBodies({ send } as ErrorAnswers, new FailedRequests(), { http } as Configuration);
  };
  const track = (most: number, refused: ErrorAnswer[]): Track =>
    trackedBodies(most, refused).trackBy(ofAddress);

  it('refuses the oldest when all together hold too much, and lets the others arrive', async () => {
    const refused: ErrorAnswer[] = [];
    await listen({}, track(150_000, refused));
    const half = head(120_000) + 'x'.repeat(30_000);
    const exchanges: Promise<string>[] = [];
    for (let count = 0; count < 4; count++) {
      exchanges.push(exchange(half));
      await delay(50);
    }
    expect(await exchanges[0]).toMatch(/^HTTP\/1.1 503/);
    expect(refused).toMatchObject([
      { code: 'SANDBOX_BUSY', headers: { 'Retry-After': '1', Connection: 'close' } },
    ]);
    const whole = await exchange(head(3, 'Connection: close\r\n') + 'abc');
    expect(whole).toMatch(/^HTTP\/1.1 200 .*whole$/s);
    expect(refused).toHaveLength(1);
  });

  it('forgets bodies that have arrived, and those of clients that went away', async () => {
    const refused: ErrorAnswer[] = [];
    await listen({}, track(150_000, refused));
    for (let count = 0; count < 20; count++) {
      await exchange(head(30_000, 'Connection: close\r\n') + 'x'.repeat(30_000));
      void exchange(head(120_000) + 'x'.repeat(30_000), (socket) => setTimeout(() => socket.destroy(), 20));
      await delay(40);
    }
    expect(refused).toEqual([]);
  });

  it('counts small pieces and compressed bodies by what they may hold', async () => {
    const refused: ErrorAnswer[] = [];
    await listen({}, track(150_000, refused));
    const compressed = head(200, 'Content-Encoding: gzip\r\n') + 'x'.repeat(100);
    const first = exchange(compressed);
    await delay(50);
    void exchange(compressed);
    expect(await first).toMatch(/^HTTP\/1.1 503/);
    expect(refused).toHaveLength(1);
    const pieces = exchange(chunked + '1\r\nx\r\n'.repeat(310));
    expect(await pieces).toMatch(/^HTTP\/1.1 503/);
  });

  it('counts nothing for a compressed body of which nothing has come', async () => {
    const refused: ErrorAnswer[] = [];
    await listen({}, track(150_000, refused));
    const honest = exchange(head(4, 'Connection: close\r\n'), (socket) => {
      setTimeout(() => socket.write('body'), 300);
    });
    for (let count = 0; count < 50; count++) {
      void exchange(head(9, 'Content-Encoding: gzip\r\n'));
    }
    expect(await honest).toMatch(/^HTTP\/1.1 200 .*whole$/s);
    expect(refused).toEqual([]);
  });

  it('refuses a body of a thousand small pieces, and says so', async () => {
    const refused: ErrorAnswer[] = [];
    await listen({}, track(100_000_000, refused));
    await exchange(chunked + '1\r\nx\r\n'.repeat(1_100));
    expect(refused).toMatchObject([
      { code: 'INVALID_REQUEST', message: expect.stringMatching(/more than 1000 pieces/) as string },
    ]);
    const large = `${chunked}${`64\r\n${'x'.repeat(100)}\r\n`.repeat(1_100)}0\r\n\r\n`;
    expect(await exchange(large.replace('Host', 'Connection: close\r\nHost'))).toMatch(/^HTTP\/1.1 200/);
    expect(refused).toHaveLength(1);
  });

  it('refuses bodies of the address that holds most, before older ones of others', async () => {
    const refused: ErrorAnswer[] = [];
    await listen({}, track(150_000, refused));
    const honest = exchange(head(20_000, 'Connection: close\r\n') + 'x'.repeat(19_996), (socket) => {
      setTimeout(() => socket.write('body'), 400);
    });
    await delay(50);
    const attack: Promise<string>[] = [];
    for (let count = 0; count < 4; count++) {
      attack.push(exchange(head(120_000) + 'x'.repeat(30_000), undefined, '127.0.0.2'));
      await delay(50);
    }
    expect(await honest).toMatch(/^HTTP\/1.1 200 .*whole$/s);
    expect(await attack[0]).toMatch(/^HTTP\/1.1 503/);
  });

  it('holds nothing for bodies that were refused, though more of them comes', async () => {
    const refused: ErrorAnswer[] = [];
    const bodies = trackedBodies(150_000, refused);
    server = createServer((request, response) => {
      // The first is never answered: the response behind it has no connection.
      bodies.trackBy(ofAddress)(request as Request, response as unknown as Response, () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const queued = `GET / HTTP/1.1\r\nHost: x\r\n\r\n${chunked}${'1\r\nx\r\n'.repeat(10_000)}`;
    await exchange(queued);
    expect(refused).toEqual([]);
    expect(bodies).toMatchObject({ bytes: 0 });
  });

  it('does not count what comes of a body after its answer', async () => {
    const refused: ErrorAnswer[] = [];
    const bodies = trackedBodies(150_000, refused);
    server = createServer((request, response) => {
      bodies.trackBy(ofAddress)(request as Request, response as unknown as Response, () => {
        request.resume();
        response.statusCode = 413;
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined).write(head(1_000_000));
    await delay(50);
    socket.write('x'.repeat(50_000));
    await delay(100);
    expect(bodies).toMatchObject({ bytes: 0 });
    expect(refused).toEqual([]);
    socket.destroy();
  });
});
