import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import type { ErrorAnswer, ErrorAnswers } from './error-answers';
import { callerIdOf } from '../callers/address';
import { exchangeWith } from './exchange.contract';
import { FailedRequests } from './failed-requests';
import { HeldBodies } from './held-bodies';
import { RequestBodies } from './request-bodies';

const ofAddress = ({ socket }: Request): string => callerIdOf(socket.remoteAddress ?? '');
let server: Server;
let held: HeldBodies;
let refused: ErrorAnswer[];
/** Those whose bodies have arrived. They are answered when the test does it. */
let waiting: ServerResponse[];

beforeEach(async () => {
  refused = [];
  waiting = [];
  const answers = {
    send: (_request: Request, response: Response, answer: ErrorAnswer) => {
      refused.push(answer);
      response.statusCode = 503;
      response.end();
    },
  } as unknown as ErrorAnswers;
  const http = { maxHeldBodyBytes: 150_000, bodyLimitBytes: 50_000 };
  held = new HeldBodies(answers, new FailedRequests(), { http } as Configuration);
  const receive = new RequestBodies(held).receive(() => ({ limitBytes: 50_000, holds: 'x' }));
  server = createServer((incoming, outgoing) => {
    const request = incoming as Request;
    const response = outgoing as unknown as Response;
    held.trackBy(ofAddress)(request, response, () => {
      void receive(request, response, (error?: unknown) => {
        if (!error) {
          waiting.push(outgoing);
        }
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const request = (length: number, sent = length): string =>
  `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(sent)}`;
const send = (text: string, onOpen?: (socket: Socket) => void, address?: string): Promise<string> =>
  exchangeWith(server, text, onOpen, address);
const until = async (isSo: () => boolean): Promise<void> => {
  for (let attempt = 0; !isSo(); attempt++) {
    if (attempt > 600) {
      throw new Error('it never came to be');
    }
    await delay(5);
  }
};

const heldBytes = (): number => (held as unknown as { bytes: number }).bytes;

describe('HeldBodies, of bodies that have arrived,', () => {
  it('counts what is kept of them until their requests are answered', async () => {
    const answer = send(request(30_000));
    await until(() => waiting.length === 1);
    expect(held).toMatchObject({ bytes: 30_000 });
    waiting[0]?.end('answer');
    expect(await answer).toMatch(/answer$/);
    expect(held).toMatchObject({ bytes: 0 });
  });

  it('counts what is made of them, too, and refuses what comes beside that', async () => {
    const answer = send(request(30_000));
    await until(() => waiting.length === 1);
    const made = (waiting[0] as unknown as Response).req;
    held.holdMore(made, 60_000);
    expect(held).toMatchObject({ bytes: 90_000 });
    expect(await send(request(30_000))).toMatch(/^HTTP\/1.1 503/);
    waiting[0]?.end('answer');
    expect(await answer).toMatch(/answer$/);
    held.holdMore(made, 60_000);
    expect(held).toMatchObject({ bytes: 0 });
  });

  it('refuses none, but the one that comes beside them', async () => {
    const answers = [30_000, 30_000, 30_000].map((length) => send(request(length)));
    await until(() => waiting.length === 3);
    expect(await send(request(30_000))).toMatch(/^HTTP\/1.1 503/);
    expect(refused).toMatchObject([{ code: 'SANDBOX_BUSY', headers: { 'Retry-After': '1' } }]);
    waiting.forEach((response) => response.end('answer'));
    expect(await Promise.all(answers)).toEqual(Array(3).fill(expect.stringMatching(/answer$/)));
  });

  it('has the last room for a caller that holds nothing else, however much another has sent', async () => {
    const answers = [30_000, 30_000, 30_000].map((length) => send(request(length)));
    await until(() => waiting.length === 3);
    expect(await send(request(30_000))).toMatch(/^HTTP\/1.1 503/);
    const other = send(request(50_000), undefined, '127.0.0.2');
    await until(() => waiting.length === 4);
    expect(refused).toHaveLength(1);
    waiting.forEach((response) => response.end('answer'));
    expect(await Promise.all([...answers, other])).toEqual(Array(4).fill(expect.stringMatching(/answer$/)));
  });

  it('refuses what else comes from who holds most by them, before older ones of others', async () => {
    const other = send(request(30_000, 10_000), undefined, '127.0.0.2');
    void send(request(40_000));
    await until(() => waiting.length === 1);
    const pending = send(request(50_000, 30_000));
    await delay(50);
    void send(request(40_000), undefined, '127.0.0.3');
    expect(await pending).toMatch(/^HTTP\/1.1 503/);
    expect(refused).toHaveLength(1);
    await until(() => waiting.length === 2);
    server.closeAllConnections();
    expect(await other).toBe('');
  });

  it('forgets them when their clients go away', async () => {
    void send(request(30_000), (socket) => setTimeout(() => socket.destroy(), 100));
    await until(() => waiting.length === 1);
    expect(held).toMatchObject({ bytes: 30_000 });
    await until(() => heldBytes() === 0);
  });

  it('forgets those that wait behind another request, too', async () => {
    const first = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
    void send(first + request(30_000), (socket) => setTimeout(() => socket.destroy(), 100));
    await until(() => waiting.length === 2);
    expect(held).toMatchObject({ bytes: 30_000 });
    await until(() => heldBytes() === 0);
  });
});
