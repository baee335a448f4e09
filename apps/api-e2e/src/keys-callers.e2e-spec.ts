import { ApiServer } from './harness/api-server';
import type { ExecuteAnswer } from './harness/http-client';
import { describeCloud } from './harness/jail-support';
import { executeWith, keyHeader, KeysFile, newKey } from './harness/keys-file';
import { RawConnection } from './harness/raw-connection';
import { placesHeld } from './harness/scrape';

/** With two places and no queue, a caller has one and the other is kept: so it shows whether two are one caller. */
const TWO_PLACES = { BUILD: 'cloud', MAX_CONCURRENCY: '2', MAX_QUEUE: '0', METRICS_PORT: '0' };
const SLEEPER = 'import time\ndef main():\n    time.sleep(2)\n    return "slept"';

type Headers = Readonly<Record<string, string>>;

/** Returns what the second of two requests at once is answered: 503 where both are of one caller. */
async function secondOf(server: ApiServer, first: Headers, second: Headers): Promise<ExecuteAnswer> {
  const running = executeWith(server.client, first, SLEEPER);
  await placesHeld(server, 1);
  const answer = await executeWith(server.client, second);
  expect(await running).toMatchObject({ status: 200, body: { result: 'slept' } });
  return answer;
}

/**
 * Returns what a request is answered while a script of 203.0.113.1 runs. It says to be of another address, then come so many
 * headers, and then the line by which its proxy says that it is of 203.0.113.1.
 */
async function statusBehind(server: ApiServer, lines: number): Promise<number> {
  const running = executeWith(server.client, { 'X-Forwarded-For': '203.0.113.1' }, SLEEPER);
  await placesHeld(server, 1);
  const raw = new RawConnection(server.client.baseUrl);
  const body = '{"script": "def main(): pass"}';
  raw.send(
    `POST /execute HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.51.100.7\r\n${'a:b\r\n'.repeat(lines)}X-Forwarded-For: 203.0.113.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
  await raw.closed;
  await running;
  return raw.status;
}

describeCloud('Callers with keys', () => {
  const file = new KeysFile();
  const shop = [newKey(), newKey()];
  file.set('shop', shop);
  const lab = file.add('lab');
  const [old = '', fresh = ''] = shop;
  let server: ApiServer;

  beforeAll(async () => {
    server = await ApiServer.start({ ...TWO_PLACES, API_KEYS_FILE: file.path });
  });

  afterAll(async () => {
    await server.stop();
    file.dispose();
  });

  it('are two from one address, each with its own share of the places', async () => {
    expect((await secondOf(server, keyHeader(old), keyHeader(lab))).status).toBe(200);
  });

  it('are one by any key of a name', async () => {
    const answer = await secondOf(server, keyHeader(old), keyHeader(fresh));
    expect(answer).toMatchObject({ status: 503, body: { code: 'SANDBOX_BUSY' } });
  });

  it('learn of the queue, and nobody else does', async () => {
    const running = executeWith(server.client, keyHeader(old), SLEEPER);
    await placesHeld(server, 1);
    // The first refusal of all goes the ordinary way; from then on they come before everything else.
    for (let n = 0; n < 3; n++) {
      expect((await executeWith(server.client, keyHeader(old))).status).toBe(503);
      for (const headers of [{}, keyHeader(newKey()), { ...keyHeader(old), Authorization: 'Bearer x' }]) {
        const answer = await executeWith(server.client, headers);
        expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
        expect(answer.headers['retry-after']).toBeUndefined();
      }
    }
    await running;
  });
});

describeCloud('Addresses of callers', () => {
  const from = (address: string): Headers => ({ 'X-Forwarded-For': address });

  it('are not taken from a header that anybody can send', async () => {
    const server = await ApiServer.start({ ...TWO_PLACES, TRUSTED_PROXIES: '10.0.0.0/8' });
    try {
      const answer = await secondOf(server, from('203.0.113.1'), from('203.0.113.2'));
      expect(answer).toMatchObject({ status: 503, body: { code: 'SANDBOX_BUSY' } });
    } finally {
      await server.stop();
    }
  });

  it('are those that a trusted proxy forwards for', async () => {
    const server = await ApiServer.start({ ...TWO_PLACES, TRUSTED_PROXIES: 'loopback' });
    try {
      expect((await secondOf(server, from('203.0.113.1'), from('203.0.113.2'))).status).toBe(200);
      // What the client itself had put before it, and the other header that proxies know, change nothing.
      const forged = { ...from('198.51.100.7, 203.0.113.1'), Forwarded: 'for=198.51.100.8' };
      expect((await secondOf(server, from('203.0.113.1'), forged)).status).toBe(503);
      // Nor does its own line hide that of the proxy by pushing it out of what is read: here the caller is the proxy's.
      expect(await statusBehind(server, 150)).toBe(503);
      expect(await statusBehind(server, 300)).toBe(431);
    } finally {
      await server.stop();
    }
  });
});
