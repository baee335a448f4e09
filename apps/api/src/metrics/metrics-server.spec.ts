import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import type { Callers } from '../callers/callers';
import { readConfiguration } from '../configuration/configuration';
import { KeyMetrics } from './key-metrics';
import { MetricsServer } from './metrics-server';

const open: { onApplicationShutdown(): void }[] = [];
const taken: Server[] = [];

function create(environment: NodeJS.ProcessEnv): MetricsServer {
  const configuration = readConfiguration(environment);
  const registry = new Registry();
  const server = new MetricsServer(
    registry,
    new KeyMetrics(registry, configuration),
    { keyNames: [] } as unknown as Callers,
    configuration,
  );
  open.push(server);
  return server;
}

async function start(environment: NodeJS.ProcessEnv): Promise<string> {
  const server = create(environment);
  await server.onApplicationBootstrap();
  return server.url ?? '';
}

async function takePort(port = 0): Promise<number> {
  const server = createServer();
  taken.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Sends bytes as they are, and resolves with all that comes back. */
function exchange(url: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (piece: string) => (received += piece));
    socket.on('error', () => undefined).on('close', () => resolve(received));
  });
}

beforeAll(() => {
  Logger.overrideLogger(false);
});
afterEach(() => {
  open.splice(0).forEach((server) => server.onApplicationShutdown());
  taken.splice(0).forEach((server) => server.close());
});

describe('MetricsServer', () => {
  it('answers GET /metrics in the text format of Prometheus', async () => {
    const answer = await fetch(await start({ METRICS_PORT: '0', METRICS_BY_KEY: 'true' }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await answer.text()).toContain('# TYPE pycell_key_runs_total counter');
  });

  it('answers nothing else', async () => {
    const url = await start({ METRICS_PORT: '0' });
    const statuses = [
      await fetch(new URL('/', url)),
      await fetch(`${url}/x`),
      await fetch(url, { method: 'POST', body: 'x' }),
      await fetch(url, { method: 'HEAD' }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 405, 405]);
  });

  it('is asked by the names of loopback only, where it listens there', async () => {
    const url = await start({ METRICS_PORT: '0' });
    const ask = (host: string): Promise<string> =>
      exchange(url, `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await ask('evil.example:9464')).toMatch(/^HTTP\/1.1 400 .*METRICS_HOST/s);
    for (const name of ['localhost:9464', '127.0.0.1', '[::1]:9464']) {
      expect(await ask(name)).toMatch(/^HTTP\/1.1 200 /);
    }
  });

  it('refuses headers that are too large', async () => {
    const url = await start({ METRICS_PORT: '0' });
    const request = `GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Filler: ${'x'.repeat(20_000)}\r\n\r\n`;
    expect(await exchange(url, request)).toMatch(/^HTTP\/1.1 431 /);
  });

  it('listens nowhere with METRICS_PORT=off', async () => {
    const server = create({ METRICS_PORT: 'off' });
    await server.onApplicationBootstrap();
    expect(server.url).toBeNull();
  });

  it('refuses to start where the port that was chosen is in use, and says what to set', async () => {
    const port = await takePort();
    const starting = create({ METRICS_PORT: String(port) }).onApplicationBootstrap();
    await expect(starting).rejects.toThrow(
      `METRICS_PORT is "${port}", METRICS_HOST "127.0.0.1", expected an address that is free: set other ones, or METRICS_PORT=off`,
    );
  });

  it('warns, and goes on without, where the default port is in use', async () => {
    // Another service of this machine may have it already, which is the same.
    await takePort(9464).catch(() => 0);
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const server = create({});
    await server.onApplicationBootstrap();
    expect(server.url).toBeNull();
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('port 9464 is in use'));
    warn.mockRestore();
  });

  it('does not listen any more once the service has shut down', async () => {
    const server = create({ METRICS_PORT: '0' });
    await server.onApplicationBootstrap();
    const url = server.url ?? '';
    server.onApplicationShutdown();
    await expect(fetch(url)).rejects.toThrow();
  });
});
