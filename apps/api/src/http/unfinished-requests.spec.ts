import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { readConfiguration, type Configuration, type HttpOptions } from '../configuration/configuration';
import { answerClientErrors } from './client-errors';
import { limitConnections } from './connection-limits';
import type { ErrorAnswer, ErrorAnswers } from './error-answers';
import { checkJsonStructure } from './json-structure';
import { PendingBodies } from './pending-bodies';

let server: Server;

async function listen(options: Partial<HttpOptions>, track?: PendingBodies['track']): Promise<void> {
  server = createServer((request, response) => {
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

/** Sends `text`, and resolves with all that comes back until the server ends the connection. */
function exchange(text: string, onOpen?: (socket: Socket) => void): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.setEncoding('utf8').on('data', (piece: string) => (received += piece));
    // What is sent to a connection that the server has ended is answered by a reset.
    socket.on('error', () => undefined).on('close', () => resolve(received));
    socket.write(text);
    onOpen?.(socket);
  });
}

const head = (length: number, more = ''): string =>
  `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n${more}\r\n`;

beforeAll(() => {
  Logger.overrideLogger(false);
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

  it('closes connections beyond the limit, and those that wait for a next request first', async () => {
    await listen({ maxConnections: 4 });
    const idle = exchange(head(0));
    await delay(100);
    const busy = [exchange('P'), exchange('P'), exchange('P')];
    expect(await idle).toMatch(/^HTTP\/1.1 200/);
    const beyond = [exchange('P'), exchange('P')];
    expect(await Promise.race(beyond)).toBe('');
    server.closeAllConnections();
    await Promise.all([...busy, ...beyond]);
  });
});

describe('PendingBodies', () => {
  const track = (maxPendingBodyBytes: number, refused: ErrorAnswer[]): PendingBodies['track'] => {
    const answers = {
      send: (_request: Request, response: Response, answer: ErrorAnswer) => {
        refused.push(answer);
        response.statusCode = 503;
        response.end();
      },
    } as unknown as ErrorAnswers;
    const http = { maxPendingBodyBytes, bodyLimitBytes: 50_000 };
    return new PendingBodies(answers, { http } as Configuration).track;
  };

  it('refuses the oldest when all together hold too much, and lets the others arrive', async () => {
    const refused: ErrorAnswer[] = [];
    await listen({}, track(100_000, refused));
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
    await listen({}, track(100_000, refused));
    for (let count = 0; count < 20; count++) {
      await exchange(head(30_000, 'Connection: close\r\n') + 'x'.repeat(30_000));
      void exchange(head(120_000) + 'x'.repeat(30_000), (socket) => setTimeout(() => socket.destroy(), 20));
      await delay(40);
    }
    expect(refused).toEqual([]);
  });

  it('counts small pieces and compressed bodies by what they may hold', async () => {
    const refused: ErrorAnswer[] = [];
    await listen({}, track(100_000, refused));
    const compressed = head(50, 'Content-Encoding: gzip\r\n');
    const first = exchange(`${compressed}x`);
    await delay(50);
    void exchange(`${compressed}x`);
    expect(await first).toMatch(/^HTTP\/1.1 503/);
    expect(refused).toHaveLength(1);
  });
});

describe('checkJsonStructure', () => {
  it('counts what is outside of strings', () => {
    expect(() =>
      checkJsonStructure(Buffer.from(JSON.stringify({ script: '[{,\\"'.repeat(20_000) }))),
    ).not.toThrow();
    expect(() =>
      checkJsonStructure(Buffer.from(JSON.stringify(['"\\', ...Array<number>(9_000).fill(1)]))),
    ).not.toThrow();
    for (const body of ['['.repeat(10_001), `[${'{},'.repeat(6_000)}]`, `["\\"",${'1,'.repeat(10_001)}1]`]) {
      expect(() => checkJsonStructure(Buffer.from(body))).toThrow(/more than 10000/);
    }
  });
});
