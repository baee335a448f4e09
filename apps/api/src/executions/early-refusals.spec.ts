import { createServer, IncomingMessage, type Server } from 'node:http';
import { Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import { ExecutionFailure, type SandboxService } from '@pycell/sandbox';
import type { Caller } from '../callers/caller';
import { Callers } from '../callers/callers';
import { Keys } from '../callers/keys';
import { RefusedKeys } from '../callers/refused-keys';
import { readConfiguration } from '../configuration/configuration';
import type { ErrorAnswers } from '../http/error-answers';
import { FailedRequests } from '../http/failed-requests';
import { exchangeWith } from '../http/exchange.contract';
import type { OpenResponses } from '../shutdown/open-responses';
import { EarlyRefusals } from './early-refusals';

const CONFIGURATION = readConfiguration({ TMP_SIZE_MB: '1', MAX_SCRIPT_SIZE: '10000' });

let server: Server;
let callers: Callers;
let refusals: EarlyRefusals;
/** Bodies of requests that took the ordinary way, by their length. */
let ordinary: string[];
/** Refusals that the sandbox was told of. */
let counted: number;

beforeAll(async () => {
  Logger.overrideLogger(false);
  const answers = {} as unknown as ErrorAnswers;
  callers = new Callers(
    CONFIGURATION,
    await Keys.open(CONFIGURATION),
    new RefusedKeys(answers, new FailedRequests()),
  );
});

beforeEach(async () => {
  ordinary = [];
  counted = 0;
  const full = new ExecutionFailure('SANDBOX_BUSY', 'busy', { retryAfterSeconds: 3 });
  refusals = new EarlyRefusals(
    { refuseIfFull: () => full, noteRefusal: () => (counted += 1) } as unknown as SandboxService,
    { track: () => undefined } as unknown as OpenResponses,
    { bodyOf: ({ code }: { code: string }) => ({ code }) } as unknown as ErrorAnswers,
    callers,
    CONFIGURATION,
  );
  server = createServer((request, response) => {
    ordinary.push(request.headers['content-length'] ?? '');
    request.resume().once('end', () => {
      response.statusCode = 503;
      response.setHeader('Retry-After', '3').end();
    });
  });
  refusals.install(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The first one is how the headers are learnt.
  await send(10);
  expect(ordinary.splice(0)).toEqual(['10']);
});

afterEach(() => {
  refusals.onApplicationShutdown();
  server.closeAllConnections();
  server.close();
});

/** Sends a body of this length, or the beginning of it, and goes away when there is an answer. */
function send(length: number, sent = length, headers = ''): Promise<string> {
  const head = `POST /execute HTTP/1.1\r\nHost: x\r\n${headers}Content-Type: application/json\r\nContent-Length: `;
  const text = `${head}${length}\r\n\r\n${'x'.repeat(sent)}`;
  return exchangeWith(server, text, (socket) => socket.once('data', () => socket.destroy()));
}

describe('EarlyRefusals', () => {
  it('refuses a script before its body is read', async () => {
    expect(await send(10_000, 5)).toMatch(/^HTTP\/1.1 503 .*Retry-After: 3.*SANDBOX_BUSY/s);
    expect(ordinary).toEqual([]);
  });

  it('has each refusal counted that it sends itself, and no other', async () => {
    expect(counted).toBe(0);
    await Promise.all([send(10_000, 5), send(10_000, 5)]);
    await send(20_000);
    expect(counted).toBe(2);
  });

  it('refuses a body with files before its megabytes are read', async () => {
    expect(await send(1_000_000, 5)).toMatch(/^HTTP\/1.1 503 .*SANDBOX_BUSY/s);
    expect(ordinary).toEqual([]);
  });

  it('tells nothing of the queue to who has no key', async () => {
    const known = { ...callers.callerFrom(new IncomingMessage(new Socket())) } as Caller;
    const judged = jest.spyOn(callers, 'callerFrom');
    judged.mockImplementation(({ headers }) => (headers['x-api-key'] === 'ours' ? known : null));
    try {
      await send(20, 20, 'X-API-Key: wrong\r\n');
      expect(ordinary).toEqual(['20']);
      expect(await send(20, 20, 'X-API-Key: ours\r\n')).toMatch(/SANDBOX_BUSY/);
      expect(ordinary).toEqual(['20']);
    } finally {
      judged.mockRestore();
    }
  });

  it('leaves to others what may be refused for another reason: a script, or a body, that is too large', async () => {
    await send(20_000);
    const beyond = CONFIGURATION.http.bodyLimitBytes + 1;
    void send(beyond, 5);
    while (ordinary.length < 2) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(ordinary).toEqual(['20000', String(beyond)]);
  });
});
