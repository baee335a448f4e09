import { API_PATHS } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { cpuSecondsDuring } from './harness/cpu-time';
import { HttpClient } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { executeWith, hashOf, keyHeader, KeysFile, newKey } from './harness/keys-file';
import { RawConnection } from './harness/raw-connection';

const MIB = 1024 * 1024;
const REQUEST_TIMEOUT_S = 3;
/** A refusal that has to wait for nothing. */
const AT_ONCE_MS = 1_500;

function headOf(key: string, length: number, more = ''): string {
  return `POST /execute HTTP/1.1\r\nHost: x\r\nX-API-Key: ${key}\r\n${more}Content-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

describeCloud('Requests without a valid key', () => {
  const file = new KeysFile();
  const key = file.add('shop');
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({
      BUILD: 'cloud',
      API_KEYS_FILE: file.path,
      REQUEST_TIMEOUT: String(REQUEST_TIMEOUT_S),
    });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  const answered = async (raw: RawConnection): Promise<number> => {
    const since = performance.now();
    while (!raw.received.includes('\r\n\r\n{')) {
      expect(performance.now() - since).toBeLessThan(server.patienceMs(AT_ONCE_MS));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return raw.status;
  };

  it('are refused before their bodies are there, and end when these do not come', async () => {
    const raw = new RawConnection(server.client.baseUrl);
    raw.send(`${headOf(newKey(), 50 * MIB)}{"script": "`);
    expect(await answered(raw)).toBe(401);
    const since = performance.now();
    await raw.closed;
    expect(performance.now() - since).toBeLessThan(server.patienceMs((REQUEST_TIMEOUT_S + 3) * 1000));
  });

  it('are refused the same whatever else is wrong with them', async () => {
    const { client } = server;
    const headers = keyHeader(newKey());
    const bodies = [Buffer.alloc(60 * MIB), '{', ''];
    for (const body of bodies) {
      const answer = await client.send({ method: 'POST', path: API_PATHS.execute, headers, body });
      expect(answer.status).toBe(401);
    }
  });

  it('are not told to go on with a body that nobody wants', async () => {
    const raw = new RawConnection(server.client.baseUrl);
    raw.send(headOf(newKey(), 50 * MIB, 'Expect: 100-continue\r\n'));
    expect(await answered(raw)).toBe(401);
    // Nobody could say whether what comes next is the body.
    await raw.closed;
    expect(raw.received).not.toContain('100 Continue');
    expect(raw.received).toMatch(/^Connection: close\r$/im);
  });

  it('are told apart from those with one, which are told to go on', async () => {
    const raw = new RawConnection(server.client.baseUrl);
    const body = '{"script": "def main():\\n    return 42"}';
    raw.send(headOf(key, body.length, 'Expect: 100-continue\r\n'));
    while (!raw.received.includes('100 Continue\r\n\r\n')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(raw.received).not.toContain('HTTP/1.1 200');
    raw.send(body);
    raw.received = '';
    expect(await answered(raw)).toBe(200);
    expect(raw.received).toMatch(/^Connection: keep-alive\r$/im);
    raw.socket.destroy();
  });

  // No measurement over HTTP shows the nanoseconds of a comparison; that it is the right one, the tests of KeyRing show.
  it('take no grossly different time to refuse by where they are wrong: nothing is looked up twice, or by parts', async () => {
    const flipped = (at: number): string =>
      key.slice(0, at) + (key[at] === 'A' ? 'B' : 'A') + key.slice(at + 1);
    const wrong = { first: flipped('pycell_'.length), last: flipped(key.length - 2) };
    const took: Record<keyof typeof wrong, number[]> = { first: [], last: [] };
    // Of an address that is refused often, further refusals wait: each client is another one.
    const clients = Array.from(
      { length: 200 },
      (_, n) => new HttpClient(server.client.baseUrl, undefined, `127.0.1.${n + 1}`),
    );
    for (const client of clients) {
      await client.get(API_PATHS.live);
      for (const which of ['first', 'last', 'last', 'first', 'first', 'last', 'last', 'first'] as const) {
        const since = performance.now();
        const { status } = await client.get(API_PATHS.metadata, keyHeader(wrong[which]));
        took[which].push(performance.now() - since);
        expect(status).toBe(401);
      }
      client.close();
    }
    // 800 of each: by chance alone the medians differ by some percent of the time that the way takes.
    const ratio = medianOf(took.first) / medianOf(took.last);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });

  it('come as a flood, and leave the service and its log to others', async () => {
    const linesBefore = server.log.split('\n').length;
    const flood = new HttpClient(server.client.baseUrl, undefined, '127.0.0.9');
    let isOver = false;
    let refused = 0;
    const attackers = Array.from({ length: 100 }, async () => {
      while (!isOver) {
        const { status } = await executeWith(flood, keyHeader(newKey()));
        refused += status === 401 ? 1 : Infinity;
      }
    });
    const since = performance.now();
    const served: number[] = [];
    const cpuSeconds = await cpuSecondsDuring(server.pid, async () => {
      while (performance.now() - since < 4_000) {
        served.push((await executeWith(server.client, keyHeader(key))).status);
      }
    });
    isOver = true;
    const seconds = (performance.now() - since) / 1000;
    await Promise.all(attackers);
    flood.close();
    expect(new Set(served)).toEqual(new Set([200]));
    // A hundred connections that come again at once, held back to four times a second each.
    expect(refused).toBeLessThan(600 * seconds);
    expect(cpuSeconds).toBeLessThan(0.9 * seconds);
    const lines = server.log.split('\n').slice(linesBefore);
    expect(lines.filter((line) => line.includes('refused for their keys')).length).toBeLessThanOrEqual(
      seconds + 2,
    );
    expect(lines.length).toBeLessThan(served.length + seconds + 10);
  });

  it('do not find a key by its hash', async () => {
    for (const text of [hashOf(key), `pycell_${hashOf(key).slice(0, 43)}`]) {
      expect((await executeWith(server.client, keyHeader(text))).status).toBe(401);
    }
  });
});
