import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ApiServer, ServerProcess } from './harness/api-server';
import { eventually } from './harness/eventually';
import { RawConnection } from './harness/raw-connection';
import { KeysFile } from './harness/keys-file';
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
    expect(scrape.text).toMatch(/^pycell_self_test_breaches_total 0$/m);
    expect(scrape.text).not.toMatch(/^pycell_(rates_shared|keys_file_valid)/m);
    expect(scrape.text).not.toMatch(/^nodejs_eventloop_lag_min/m);
    expect(Date.now() / 1000 - scrape.sum('pycell_self_test_timestamp_seconds')).toBeLessThan(60);
    expect(scrape.sum('pycell_zygote_up', { kind: 'bare' })).toBe(1);
    expect(scrape.sum('pycell_spares', { kind: 'bare' })).toBeGreaterThan(0);
    expect(scrape.sum('pycell_places')).toBe(3);
    expect(scrape.sum('pycell_build_info', { build: 'local' })).toBe(1);
    expect(scrape.sum('process_resident_memory_bytes')).toBeGreaterThan(10e6);
    expect(scrape.sum('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  it('has the self-test made by who scrapes, where nobody asks for readiness', async () => {
    const testedAt = async (): Promise<number> =>
      (await Scrape.of(server)).sum('pycell_self_test_timestamp_seconds');
    const before = await testedAt();
    await eventually(testedAt, (at) => at > before + 3, 20_000);
  });

  it('tells that the file of keys is not valid any more, and that it is again', async () => {
    const keys = new KeysFile();
    keys.add('shop');
    const keyed = await ApiServer.listen({ BUILD: 'local', METRICS_PORT: '0', API_KEYS_FILE: keys.path });
    const isValid = async (): Promise<number> => (await Scrape.of(keyed)).sum('pycell_keys_file_valid');
    expect(await isValid()).toBe(1);
    keys.writeText('{');
    await eventually(isValid, (value) => value === 0, 20_000);
    keys.add('school');
    await eventually(isValid, (value) => value === 1, 20_000);
    await keyed.stop();
    keys.dispose();
  });

  it('counts a body that is refused by what its client was told, and none that breaks off', async () => {
    const small = await ApiServer.start({
      BUILD: 'local',
      METRICS_PORT: '0',
      MAX_HELD_BODY_BYTES: String(12 * 1024 * 1024),
      MAX_SCRIPT_SIZE: '100000',
      TMP_SIZE_MB: '1',
    });
    const failures = async () => (await Scrape.of(small)).counts('pycell_request_failures_total');
    const head = `POST /execute HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n`;
    const part = gzipSync(randomBytes(6_000)).subarray(0, 2_000);
    const connections = Array.from({ length: 30 }, () => {
      const connection = new RawConnection(small.client.baseUrl).send(
        `${head}Content-Encoding: gzip\r\n\r\n`,
      );
      connection.socket.write(part);
      return connection;
    });
    const refused = (): number => connections.filter(({ status }) => status === 503).length;
    await eventually(refused, (count) => count > 20, small.patienceMs(5_000));
    // The others break off, and so do two that were refused nothing.
    const plain = [1, 2].map(() => new RawConnection(small.client.baseUrl).send(`${head}\r\n{"script"`));
    await delay(200);
    const told = refused();
    plain.forEach(({ socket }) => socket.end());
    connections.forEach(({ socket }) => socket.destroy());
    await delay(500);
    expect(await failures()).toEqual({ SANDBOX_BUSY: told });
    await small.stop();
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
