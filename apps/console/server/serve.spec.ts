import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeApi } from './fake-api';
import { PageFolder } from './page-folder';
import { type Answer, RunningServer } from './running-server';

describe('the console server', () => {
  const folder = new PageFolder();
  const api = new FakeApi();

  beforeAll(() => api.listen());

  afterAll(async () => {
    await api.close();
    folder.remove();
  });

  const start = (environment: Readonly<Record<string, string>> = {}): Promise<RunningServer> =>
    RunningServer.start({ CONSOLE_FILES: folder.path, ...environment });

  async function during<T>(
    environment: Readonly<Record<string, string>>,
    body: (server: RunningServer) => Promise<T>,
  ): Promise<T> {
    const server = await start(environment);
    try {
      return await body(server);
    } finally {
      await server.stop();
    }
  }

  describe('by which names it is reached', () => {
    /** Host names that are answered, of those. */
    async function answered(
      server: RunningServer,
      names: readonly string[],
      at = '127.0.0.1',
    ): Promise<string[]> {
      const accepted: string[] = [];
      for (const name of names) {
        const { status } = await server.send({ host: at, path: '/', headers: { Host: name } });
        if (status === 200) accepted.push(name);
      }
      return accepted;
    }

    it('is loopback only, so that a web page cannot get in by DNS rebinding', async () => {
      await during({}, async (server) => {
        const names = ['localhost:3000', '127.0.0.1', '[::1]:3000', 'LOCALHOST'];
        expect(await answered(server, [...names, 'evil.example', 'localhost.evil.example'])).toEqual(names);
        expect((await server.get('/api/', { Host: 'evil.example:3000' })).status).toBe(400);
      });
    });

    it('is what ALLOWED_HOSTS says', async () => {
      await during({ ALLOWED_HOSTS: 'py.example' }, async (server) => {
        expect(await answered(server, ['PY.example:80', 'localhost'])).toEqual(['PY.example:80']);
      });
    });

    it.each([{}, { BUILD: 'local' }, { BUILD: 'Cloud' }])(
      'is loopback on all addresses too, unless scripts are jailed for certain: %j',
      async (environment) => {
        await during({ CONSOLE_HOST: '0.0.0.0', ...environment }, async (server) => {
          expect(await answered(server, ['evil.example', 'localhost'])).toEqual(['localhost']);
        });
      },
    );

    it('is any on other addresses in front of a jail', async () => {
      await during({ CONSOLE_HOST: '0.0.0.0', BUILD: 'cloud' }, async (server) => {
        expect(await answered(server, ['py.example', 'localhost'])).toEqual(['py.example', 'localhost']);
      });
    });

    it('is loopback on each of its addresses, jail or not', async () => {
      await during({ CONSOLE_HOST: '127.0.0.2', BUILD: 'cloud' }, async (server) => {
        const names = ['evil.example', '127.0.0.2:3000', 'localhost'];
        expect(await answered(server, names, '127.0.0.2')).toEqual(['127.0.0.2:3000', 'localhost']);
      });
    });
  });

  it.each(['', '127.0.0.1', '0.0.0.0', '::'])(
    'finds the API of its environment by PORT and HOST: %j',
    async (host) => {
      api.handle = (_request, response) => response.end('found');
      await during({ PORT: String(api.port), HOST: host }, async (server) => {
        expect((await server.get('/api/')).body.toString()).toBe('found');
      });
    },
  );

  describe('when it is told to stop', () => {
    /** Asks for something below /api that takes `answerMs`, and stops the server meanwhile. */
    async function stopDuring(
      answerMs: number,
      environment: Readonly<Record<string, string>> = {},
    ): Promise<{ answer: Answer | null; code: number | null; tookMs: number }> {
      const server = await start({ PORT: String(api.port), ...environment });
      const arrived = new Promise<void>((resolve) => {
        api.handle = (_request, response) => {
          resolve();
          void delay(answerMs, undefined, { ref: false }).then(() => response.end('late'));
        };
      });
      // As browsers do.
      const agent = new Agent({ keepAlive: true });
      const asking = server.send({ path: '/api/', agent }).catch(() => null);
      await arrived;
      const begun = performance.now();
      const code = await server.stop();
      const tookMs = performance.now() - begun;
      const answer = await asking;
      agent.destroy();
      return { answer, code, tookMs };
    }

    it('ends as soon as what it was asked is answered', async () => {
      const { answer, code, tookMs } = await stopDuring(300);
      expect(answer?.body.toString()).toBe('late');
      expect(code).toBe(0);
      // The connection would be kept for five seconds.
      expect(tookMs).toBeLessThan(4_500);
    });

    it('waits for it as long as the API does', async () => {
      const { answer } = await stopDuring(5_600);
      expect(answer?.body.toString()).toBe('late');
    }, 15_000);

    it('does not wait for it longer than SHUTDOWN_GRACE', async () => {
      const { answer, code, tookMs } = await stopDuring(60_000, { SHUTDOWN_GRACE: '0.5' });
      expect(answer).toBeNull();
      expect(code).toBe(0);
      expect(tookMs).toBeGreaterThan(500);
      expect(tookMs).toBeLessThan(10_000);
    }, 15_000);
  });

  describe('settings', () => {
    it.each([
      [{ CONSOLE_PORT: 'x' }, /CONSOLE_PORT is "x", expected a whole number from 0 to 65535/],
      [{ CONSOLE_PORT: '70000' }, /CONSOLE_PORT is "70000"/],
      [{ SHUTDOWN_GRACE: '-1' }, /SHUTDOWN_GRACE is "-1", expected seconds from 0 to 3600/],
      [{ API_UPSTREAM: 'ftp://x' }, /API_UPSTREAM is "ftp:\/\/x"/],
      [{ API_URL: 'ftp://x' }, /API_URL is "ftp:\/\/x", expected an address/],
      [{ PORT: 'abc' }, /PORT is "abc", expected a whole number/],
      [{ CONSOLE_FILES: '/nowhere' }, /no built console in \/nowhere/],
    ])('says what is wrong with %p', async (environment, complaint) => {
      await expect(start(environment)).rejects.toThrow(complaint);
    });

    it('says which port is taken', async () => {
      await during({}, async (server) => {
        await expect(start({ CONSOLE_PORT: String(server.port) })).rejects.toThrow(
          /The port is in use.*CONSOLE_PORT/,
        );
      });
    });
  });

  it('sends with the page what the guide to other hosts says that they must send', async () => {
    const guide = readFileSync(join(__dirname, '../../../docs/console-hosting.md'), 'utf8');
    await during({}, async (server) => {
      const { headers } = await server.get('/');
      const own = ['cache-control', 'content-length', 'content-type', 'etag', 'vary'];
      const perHop = ['connection', 'date', 'keep-alive'];
      const wanted = Object.entries(headers).filter(([name]) => ![...own, ...perHop].includes(name));
      expect(wanted.length).toBeGreaterThanOrEqual(7);
      const said = guide.toLowerCase();
      for (const [name, value] of wanted) {
        expect(said).toContain(`${name}: ${String(value)}`.toLowerCase());
      }
    });
  });
});
