import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiServer, ServerProcess } from './harness/api-server';
import { eventually } from './harness/eventually';
import { metricsUrlOf, Scrape } from './harness/scrape';

const SLEEPS = 'import time\ndef main():\n    time.sleep(2)\n    return "slept"';

describe('The listener of the metrics', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'local', METRICS_PORT: '0', MAX_CONCURRENCY: '3' });
  });
  afterAll(() => server.stop());

  it('is another one than that of the service, which has no metrics', async () => {
    const { client } = server;
    expect((await client.get('/metrics')).status).toBe(404);
    const url = metricsUrlOf(server);
    expect(new URL(url).port).not.toBe(new URL(client.baseUrl).port);
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(new URL('/execute', url), { method: 'POST', body: '{}' })).status).toBe(404);
  });

  it('tells what is there before the first script: the self-test, spares, places, the build', async () => {
    const scrape = await Scrape.of(server);
    expect(scrape.sum('pycell_self_test_passed')).toBe(1);
    expect(scrape.sum('pycell_self_test_breached')).toBe(0);
    expect(Date.now() / 1000 - scrape.sum('pycell_self_test_timestamp_seconds')).toBeLessThan(60);
    expect(scrape.sum('pycell_zygote_up', { kind: 'bare' })).toBe(1);
    expect(scrape.sum('pycell_spares', { kind: 'bare' })).toBeGreaterThan(0);
    expect(scrape.sum('pycell_places')).toBe(3);
    expect(scrape.sum('pycell_build_info', { build: 'local' })).toBe(1);
    expect(scrape.sum('process_resident_memory_bytes')).toBeGreaterThan(10e6);
    expect(scrape.sum('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it('stops the start where the port that was chosen is in use, and says what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const process = new ServerProcess({ BUILD: 'local', METRICS_PORT: String(port) });
    expect((await process.exited).code).toBe(1);
    expect(process.stderr).toContain(`METRICS_PORT is "${port}"`);
    expect(process.stderr).toContain('METRICS_PORT=off');
    other.close();
  });

  it('is not there with METRICS_PORT=off', async () => {
    const silent = await ApiServer.listen({ BUILD: 'local', METRICS_PORT: 'off' });
    expect(silent.log).not.toContain('pycell metrics');
    await silent.stop();
  });

  // The last one: the service is gone then.
  it('answers while the service drains, with the run that it waits for', async () => {
    const answer = server.client.execute(SLEEPS);
    const scrape = (): Promise<Scrape> => Scrape.of(server);
    await eventually(scrape, (seen) => seen.sum('pycell_places_held') === 1);
    server.process.signal('SIGTERM');
    const last = await eventually(scrape, (seen) => seen.sum('pycell_draining') === 1);
    expect(last.sum('pycell_places_held')).toBe(1);
    expect((await answer).body.result).toBe('slept');
    expect(await server.process.exited).toEqual({ code: null, signal: 'SIGTERM' });
    await expect(scrape()).rejects.toThrow();
  });
});
