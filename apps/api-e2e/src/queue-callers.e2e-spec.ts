import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { ErrorResponse } from '@pycell/contracts';
import type { HttpAnswer, HttpClient } from './harness/http-client';
import { describeBackends, type JobBackend, startBackend } from './harness/job-backends';
import {
  acceptedJob,
  cancelJob,
  endOf,
  HELLO,
  jobOf,
  pathOf,
  sleeper,
  startJob,
} from './harness/jobs-client';
import { keyHeader, KeysFile, newKey } from './harness/keys-file';

/** What no execution has for an id; some are paths of something else, or names in Redis. */
const FOREIGN_IDS = [
  'f'.repeat(32),
  '0'.repeat(31),
  '0'.repeat(33),
  'x',
  '..%2Fexecute',
  '%00'.repeat(32),
  '__proto__',
  'constructor',
  '*',
  'pycell:job:*',
  'a'.repeat(400),
  '%0d%0aX-Injected:%201',
];

function withoutIds({ status, body }: HttpAnswer): object {
  const { requestId, ...rest } = body as ErrorResponse;
  return { status, ...rest, hasRequestId: typeof requestId === 'string' };
}

describeBackends('A hostile caller of asynchronous executions', (withRedis) => {
  const file = new KeysFile();
  const attacker = keyHeader(file.add('attacker'));
  const victim = keyHeader(file.add('victim'));
  let backend: JobBackend;
  let client: HttpClient;

  beforeAll(async () => {
    backend = await startBackend(withRedis, { API_KEYS_FILE: file.path });
    ({ client } = backend.server);
  });

  afterAll(async () => {
    await backend.stop();
    file.dispose();
  });

  describe("who guesses or knows another's id", () => {
    it('is told of it what it is told of one that never was, however it asks', async () => {
      const id = await acceptedJob(client, sleeper(1), victim);
      const asks: ((of: string) => Promise<HttpAnswer>)[] = [
        (of) => jobOf(client, of, attacker),
        (of) => cancelJob(client, of, attacker),
        (of) => client.get(`${pathOf(of)}/events`, attacker),
        (of) => client.get(`${pathOf(of)}/events`, { ...attacker, 'Last-Event-ID': '1' }),
        (of) => client.send({ method: 'HEAD', path: pathOf(of), headers: attacker }),
      ];
      for (const ask of asks) {
        const [own, never] = [await ask(id), await ask('f'.repeat(32))];
        expect(own.status).toBe(404);
        expect(withoutIds({ ...own, body: own.body ?? {} })).toEqual(
          withoutIds({ ...never, body: never.body ?? {} }),
        );
      }
      // It was not cancelled.
      expect(await endOf(client, id, victim)).toMatchObject({ status: 'succeeded' });
      expect((await jobOf(client, id, attacker)).status).toBe(404);
    });

    it('without a key, or with one that is none, learns less', async () => {
      const id = await acceptedJob(client, HELLO, victim);
      await endOf(client, id, victim);
      for (const headers of [keyHeader(newKey()), { Authorization: 'Bearer x' }]) {
        expect((await jobOf(client, id, headers)).status).toBe(401);
        expect((await cancelJob(client, id, headers)).status).toBe(401);
        expect((await client.get(`${pathOf(id)}/events`, headers)).status).toBe(401);
      }
      const anonymous = await jobOf(client, id);
      expect([401, 404]).toContain(anonymous.status);
    });

    it.each(FOREIGN_IDS)('is answered 404 for %s', async (id) => {
      for (const ask of [jobOf, cancelJob]) {
        const answer = await ask(client, id, attacker);
        expect(answer).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
        expect(answer.headers['x-injected']).toBeUndefined();
      }
      expect((await client.get(`${pathOf(id)}/events`, attacker)).status).toBe(404);
    });
  });

  describe('with an idempotency key', () => {
    it("of another has an execution of its own, and nothing of the other's", async () => {
      const key = { 'Idempotency-Key': 'shared-order-1' };
      const theirs = await acceptedJob(client, 'def main():\n    return "theirs"', { ...victim, ...key });
      const own = await acceptedJob(client, 'def main():\n    return "own"', { ...attacker, ...key });
      expect(own).not.toBe(theirs);
      expect(await endOf(client, own, attacker)).toMatchObject({ outcome: { result: 'own' } });
      expect(await endOf(client, theirs, victim)).toMatchObject({ outcome: { result: 'theirs' } });
    });

    it('of its own has the same execution again, also while others ask, and not another body', async () => {
      const headers = { ...attacker, 'Idempotency-Key': 'many-at-once' };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => startJob(client, sleeper(0.2), headers)),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      const other = await startJob(client, HELLO, headers);
      expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
      await endOf(client, answers[0]?.body.id ?? '', attacker);
      expect((await startJob(client, sleeper(0.2), headers)).body.id).toBe(answers[0]?.body.id);
    });

    it.each(['', 'x'.repeat(256), 'a b'])('that is none (%#) is told so', async (value) => {
      const answer = await startJob(client, HELLO, { ...attacker, 'Idempotency-Key': value });
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
      expect(answer.body.error).toContain('Idempotency-Key');
    });

    it.each(['__proto__', 'constructor', '*', '"]}', '\\r\\n', '%00', "');redis.call('FLUSHALL')--"])(
      'of odd characters (%s) is a key like any other',
      async (value) => {
        const headers = { ...attacker, 'Idempotency-Key': value };
        const id = await acceptedJob(client, HELLO, headers);
        expect((await startJob(client, HELLO, headers)).body.id).toBe(id);
        expect(await endOf(client, id, attacker)).toMatchObject({ outcome: { result: 'hello' } });
      },
    );
  });

  it.each([
    '-1',
    '1.5',
    '1e3',
    '0x2',
    'NaN',
    '99999999999999999999999',
    'abc',
    '1,2',
    '+1',
    '9'.repeat(300),
    ' ',
  ])('who says that its last event was %s gets events of its own, or is told', async (last) => {
    const id = await acceptedJob(client, 'print("one")\ndef main():\n    return 2', attacker);
    await endOf(client, id, attacker);
    const answer = await client.get(`${pathOf(id)}/events`, { ...attacker, 'Last-Event-ID': last });
    expect([200, 204, 400]).toContain(answer.status);
    if (answer.status === 200) {
      const ids = Array.from(answer.text.matchAll(/^id: ?(\d+)$/gm), ([, number]) => Number(number));
      expect(ids).toEqual([...ids].sort((one, other) => one - other));
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  describe('who wants a callback where there are none', () => {
    let listener: Server;
    let connections = 0;

    beforeAll(async () => {
      listener = createServer((socket) => {
        connections++;
        socket.destroy();
      });
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', () => resolve()));
    });

    afterAll(() => listener.close());

    it.each([
      'https://127.0.0.1:PORT/',
      'http://127.0.0.1:PORT/',
      'https://localhost:PORT/x',
      'https://[::ffff:127.0.0.1]:PORT/',
      'https://example.com/hook',
      'https://example.com@127.0.0.1:PORT/',
      'file:///etc/passwd',
      'redis://127.0.0.1:PORT',
      '//127.0.0.1:PORT',
      '',
      'https://example.com/\r\nX: 1',
      7,
      {},
      ['https://example.com'],
    ])('is refused, and nothing connects: %j', async (url) => {
      const { port } = listener.address() as AddressInfo;
      const callbackUrl = typeof url === 'string' ? url.replace('PORT', String(port)) : url;
      const answer = await startJob(client, { script: HELLO, callbackUrl }, attacker);
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
      expect(answer.body.error).toContain('callbackUrl');
      expect(connections).toBe(0);
    });

    it('as a member of POST /execute, too', async () => {
      const body = JSON.stringify({ script: HELLO, callbackUrl: 'https://example.com/' });
      const answer = await client.postRaw(body, { 'Content-Type': 'application/json', ...attacker });
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    });
  });

  it('has left no error of ours, and no key, in the log', () => {
    const { log } = backend.server;
    expect(log).not.toMatch(/\bINTERNAL\b|[uU]nhandledPromise|unhandledRejection|uncaughtException/);
    for (const secret of [attacker, victim].map((headers) => headers['X-API-Key'] ?? '?')) {
      expect(log).not.toContain(secret);
    }
  });
});
