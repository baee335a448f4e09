import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { HttpClient } from './harness/http-client';
import { RawConnection } from './harness/raw-connection';

const OK_SCRIPT = 'def main():\n    return 1\n';
const MIB = 1024 * 1024;

const REQUEST_TIMEOUT_S = 3;
const HELD_MIB = 12;

function head(length: number): string {
  return `POST /execute HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
}

describe('Requests that do not arrive (half-bodies)', () => {
  let server: ApiServer;
  /** What the server said until it was ready: its first self-test may take too long where the machine is loaded. */
  let recordsAtStart: number;
  /** Both are late by the time that the bodies are. */
  let silent: RawConnection;
  let begun: RawConnection;

  const open = (): RawConnection => new RawConnection(server.client.baseUrl);

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'local',
      REQUEST_TIMEOUT: String(REQUEST_TIMEOUT_S),
      MAX_HELD_BODY_BYTES: String(HELD_MIB * MIB),
      MAX_CONNECTIONS: '600',
      MAX_SCRIPT_SIZE: '100000',
      TMP_SIZE_MB: '1',
    });
    recordsAtStart = server.logRecords.length;
    silent = open();
    begun = open().send('POST /execute HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
  });

  afterAll(() => server.stop());

  const residentMib = (): number =>
    Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;

  it('hold a bounded amount of memory together, keep nobody out, and are ended', async () => {
    for (let round = 0; round < 20; round++) {
      await server.client.execute(OK_SCRIPT);
    }
    const before = residentMib();
    const half = head(1_200_000) + `{"script":"${'#'.repeat(400_000)}`;
    const connections = Array.from({ length: 500 }, () => open().send(half));
    await delay(1_500);
    expect(await server.client.execute(OK_SCRIPT)).toMatchObject({ status: 200, body: { result: 1 } });
    // All that was sent is 190 MiB. What has been let go is collected some time later.
    await eventually(
      async () => {
        await server.client.execute(OK_SCRIPT);
        return residentMib() - before;
      },
      (grown) => grown < 100,
      10_000,
    );

    await Promise.all(connections.map(({ closed }) => closed));
    expect(await server.client.execute(OK_SCRIPT)).toMatchObject({ status: 200 });
    const answered = connections.filter(({ status }) => status !== 0);
    expect(new Set(answered.map(({ status }) => status))).toEqual(new Set([408, 503]));
    expect(answered.find(({ status }) => status === 503)?.body.code).toBe('SANDBOX_BUSY');
    expect(answered.find(({ status }) => status === 408)?.body.error).toMatch(/did not arrive in time/);
  });

  it('are ended when not even their headers come', async () => {
    await Promise.all([silent.closed, begun.closed]);
    expect(begun.status).toBe(408);
  });

  it('are another matter than a slow upload', async () => {
    const body = JSON.stringify({ script: `${OK_SCRIPT}#${'x'.repeat(5_000)}` });
    const slow = open().send(head(body.length));
    for (let at = 0; at < body.length; at += 1_000) {
      await delay(200);
      slow.send(body.slice(at, at + 1_000));
    }
    while (slow.status === 0) {
      await delay(20);
    }
    slow.socket.destroy();
    expect(slow.status).toBe(200);
  });

  it('do not count a compressed body by what it has sent', async () => {
    const gzip = head(5_000).replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n');
    const part = gzipSync(randomBytes(6_000)).subarray(0, 2_000);
    const connections = Array.from({ length: 100 }, () => open().send(gzip));
    connections.forEach(({ socket }) => socket.write(part));
    const refused = (): number => connections.filter(({ status }) => status === 503).length;
    // Six of them may become as large as such a part can.
    await eventually(refused, (count) => count > 80, server.patienceMs(3_000));
    for (const { socket } of connections) {
      socket.destroy();
    }
  });

  it('refuses bodies of many small values without reading them', async () => {
    for (const body of [
      '['.repeat(100_000),
      `[${'{},'.repeat(30_000)}1]`,
      `{"script":[${'['.repeat(20_000)}`,
    ]) {
      const answer = await server.client.postRaw(body);
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
      expect(answer.body.error).toMatch(/more than 1000 /);
    }
    const strings = JSON.stringify({ script: `x = "${'[{,'.repeat(3_000)}"\n${OK_SCRIPT}` });
    expect((await server.client.postRaw(strings)).status).toBe(200);
  });

  it('wrote no error into the log', () => {
    const records = server.logRecords.slice(recordsAtStart);
    expect(records.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });
});

describe('MAX_CONNECTIONS', () => {
  let server: ApiServer;
  let connections: RawConnection[] = [];

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'local', MAX_CONNECTIONS: '10' });
  });

  afterEach(() => connections.forEach(({ socket }) => socket.destroy()));
  afterAll(() => server.stop());

  const closed = (): number => connections.filter(({ socket }) => socket.destroyed).length;

  it('bounds the connections; those that only wait give way', async () => {
    connections = Array.from({ length: 30 }, () => new RawConnection(server.client.baseUrl));
    await eventually(closed, (count) => count >= 20, server.patienceMs(2_000));
    expect(server.log).toContain('MAX_CONNECTIONS');
  });

  it('lets nobody be kept out by connections that say nothing, and cuts no run', async () => {
    const ran = server.client.execute('import time\ndef main():\n    time.sleep(2)\n    return 1\n');
    await delay(200);
    connections = Array.from({ length: 100 }, () => new RawConnection(server.client.baseUrl));
    connections.slice(0, 50).forEach((connection) => connection.send('POST /execute HTTP/1.1\r\nX-Slow: '));
    await eventually(closed, (count) => count >= 90, server.patienceMs(2_000));
    const newcomer = new HttpClient(server.client.baseUrl);
    try {
      expect((await newcomer.get(API_PATHS.live)).status).toBe(200);
      // Most of them are silent still: it was let in by the place of one of them.
      expect(closed()).toBeLessThan(95);
      expect(await ran).toMatchObject({ status: 200, body: { result: 1 } });
    } finally {
      newcomer.close();
    }
  });
});
