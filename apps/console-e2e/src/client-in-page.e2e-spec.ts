import { readFileSync, statSync } from 'node:fs';
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { join, normalize } from 'node:path';
import { OtherServer } from './harness/other-servers';
import { startApi } from './harness/pycell';
import { INSTALLATION, type ServiceProcess } from './harness/service-process';
import { onPage } from './harness/visit';

const ES_MODULES = join(INSTALLATION, 'libs/api-client/dist/esm');
const SLEEPER = `import time

def main(n):
    print("begun")
    time.sleep(n)
    return n`;

/**
 * The page's own host: the client as ES modules, and two ways to the service that no browser takes for another origin. Below
 * `/moved` all leads elsewhere; below `/cutting` the first answer breaks off behind `begun`.
 */
class PageHost {
  /** `Last-Event-ID` of what was asked below `/cutting`. */
  readonly lastEventIds: (string | undefined)[] = [];
  apiUrl = '';

  readonly listen = (request: IncomingMessage, response: ServerResponse): void => {
    const { url: path = '/' } = request;
    if (path === '/') {
      response
        .writeHead(200, { 'Content-Type': 'text/html' })
        .end('<!doctype html><link rel="icon" href="data:,"><title>A page</title>');
    } else if (path.startsWith('/moved/')) {
      response.writeHead(307, { Location: `${this.apiUrl}${path.slice('/moved'.length)}` }).end();
    } else if (path.startsWith('/cutting/')) {
      this.forward(request, response, path.slice('/cutting'.length));
    } else {
      sendModule(path, response);
    }
  };

  private forward(request: IncomingMessage, response: ServerResponse, path: string): void {
    this.lastEventIds.push(request.headers['last-event-id'] as string | undefined);
    const isCut = this.lastEventIds.length === 1;
    const address = new URL(path, this.apiUrl);
    const outgoing = send(address, { headers: { ...request.headers, host: address.host } }, (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.on('data', (piece: Buffer) => {
        response.write(piece, () => {
          if (isCut && piece.includes('begun')) {
            setTimeout(() => response.destroy(), 50);
          }
        });
      });
      incoming.once('end', () => response.end());
    });
    outgoing.once('error', () => response.destroy());
    response.once('close', () => outgoing.destroy());
    outgoing.end();
  }
}

/** The modules name each other without `.js`, for bundlers: here the host adds it. */
function sendModule(path: string, response: ServerResponse): void {
  const name = join(ES_MODULES, normalize(path));
  const file = name.endsWith('.js') ? name : `${name}.js`;
  if (!file.startsWith(ES_MODULES) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(readFileSync(file));
}

/** What a page does with a client; `PycellClient`, `apiUrl`, `here` and `sleeper` are in scope. @returns what JSON can say */
const programOf = (body: string, apiUrl: string): string => `(async () => {
  const { PycellClient } = await import('/index.js');
  const apiUrl = ${JSON.stringify(apiUrl)};
  const here = location.origin;
  const sleeper = ${JSON.stringify(SLEEPER)};
  ${body}
})()`;

describe('the TypeScript client in a page of another origin', () => {
  const page = new PageHost();
  let host: OtherServer;
  let api: ServiceProcess;

  beforeAll(async () => {
    host = await OtherServer.start(page.listen);
    // One place and no queue: who comes second is refused.
    api = await startApi({ CORS_ORIGINS: host.url, MAX_CONCURRENCY: '1', MAX_QUEUE: '0' });
    page.apiUrl = api.url;
  });

  afterAll(async () => {
    await api.stop();
    await host.stop();
  });

  const inPage = (body: string, check: (told: unknown) => void, expected: readonly RegExp[] = []) =>
    onPage(
      async (visit) => {
        await visit.page.goto(host.url);
        check(await visit.page.evaluate(programOf(body, api.url)));
      },
      { isOpened: false, expected },
    );

  it(
    'executes, with a key, files and every digit, and throws what a script did wrong',
    inPage(
      `const client = new PycellClient({ baseUrl: apiUrl, apiKey: 'pycell_of_a_page', integers: 'bigint' });
      const script = 'def main(n):\\n    return [n + 1, open("a.txt").read()]';
      const files = [{ name: 'a.txt', content: new File(['é'], 'a.txt') }];
      const { result } = await client.execute({ script, inputs: { n: 2n ** 70n }, files });
      const error = await client.execute({ script: 'def main():\\n    return 1 / 0' }).catch((error) => error);
      return [String(result[0]), result[1], error.name, error.line];`,
      (told) => expect(told).toEqual(['1180591620717411303425', 'é', 'ScriptError', 2]),
    ),
  );

  it(
    'is sent again when the service has no place, and not before it says so; leaving a stream ends its run',
    inPage(
      `const client = new PycellClient({ baseUrl: apiUrl, retry: { attempts: 8 } });
      const events = client.stream({ script: sleeper, inputs: { n: 9 } });
      const types = [(await events.next()).value.type, (await events.next()).value.type];
      const refused = await new PycellClient({ baseUrl: apiUrl, retry: false })
        .execute({ script: 'def main():\\n    return 1' })
        .catch(({ code, retryAfterSeconds }) => [code, retryAfterSeconds >= 1]);
      const begunAt = performance.now();
      const second = client.execute({ script: 'def main():\\n    return 2' });
      setTimeout(() => events.return(), 300);
      const { result } = await second;
      const ms = performance.now() - begunAt;
      return [...types, ...refused, result, ms > 990, ms < 8_000];`,
      (told) => expect(told).toEqual(['start', 'stdout', 'SANDBOX_BUSY', true, 2, true, true]),
      [/\b503\b/],
    ),
  );

  it(
    'follows no redirect',
    inPage(
      `const client = new PycellClient({ baseUrl: here + '/moved' });
      const error = await client.execute({ script: 'def main():\\n    return 1' }).catch((error) => error);
      return [error.code, error.message, error.mayHaveRun];`,
      (told) =>
        expect(told).toEqual(['UNEXPECTED_ANSWER', expect.stringContaining('leads to another'), false]),
    ),
  );

  it('goes on with the events of an execution behind the last one after a cut', async () => {
    page.lastEventIds.length = 0;
    await inPage(
      `const { id } = await new PycellClient({ baseUrl: apiUrl }).executions.start({ script: sleeper, inputs: { n: 1 } });
      const told = [];
      for await (const { type, eventId } of new PycellClient({ baseUrl: here + '/cutting' }).executions.events(id)) {
        told.push(eventId + type);
      }
      const behind = [];
      const direct = new PycellClient({ baseUrl: apiUrl }).executions;
      for await (const { type } of direct.events(id, { lastEventId: '2' })) behind.push(type);
      return [told, behind];`,
      (told) =>
        expect(told).toEqual([
          ['1start', '2stdout', '3result', '4end'],
          ['result', 'end'],
        ]),
      [/net::ERR_/],
    )();
    expect(page.lastEventIds).toEqual([undefined, '2']);
  });
});
