import { executed, failed, json, lost, TestServer } from '../testing/test-server';
import { PycellClient, type PycellClientOptions } from './pycell-client';
import type { RetryOptions } from './retry-policy';

/** As libs/sandbox says it, before a run and of one that was lost: nothing was measured, and nothing tells the two apart. */
const UNAVAILABLE = {
  error: 'The sandbox is not available. No result was delivered: it is safe to retry.',
  code: 'SANDBOX_UNAVAILABLE',
  requestId: 'r1',
};
const AT_ONCE = { 'Retry-After': '0' };
const REQUEST = { script: 'def main():\n    return 1' };

describe('A call that failed', () => {
  const server = new TestServer();
  let baseUrl: string;

  beforeAll(async () => {
    baseUrl = await server.start();
  });

  afterAll(() => server.stop());

  const clientOf = (retry?: PycellClientOptions['retry']): PycellClient =>
    new PycellClient({ baseUrl, ...(retry !== undefined && { retry }) });
  const busy = (retryAfter?: string) =>
    json(503, failed('SANDBOX_BUSY'), retryAfter === undefined ? {} : { 'Retry-After': retryAfter });
  const done = json(200, executed('1'));

  it('is sent again when the service says so, and not before', async () => {
    const limited = json(429, failed('RATE_LIMITED'), { 'Retry-After': '1' });
    server.on('POST /execute', busy('1'), limited, done);
    expect((await clientOf().execute(REQUEST)).result).toBe(1);
    const [first = 0, second = 0, third = 0] = server.asked.map(({ atMs }) => atMs);
    expect(second - first).toBeGreaterThanOrEqual(990);
    expect(third - second).toBeGreaterThanOrEqual(990);
    expect(new Set(server.asked.map(({ body }) => body)).size).toBe(1);
  });

  it('is sent again after a short time where a gateway names none', async () => {
    server.on('POST /execute', json(503, '<html>'), done);
    expect((await clientOf().execute(REQUEST)).result).toBe(1);
    expect(server.asked).toHaveLength(2);
  });

  it('is sent so many times, and then its error is thrown', async () => {
    server.on('POST /execute', busy('0'));
    await expect(clientOf({ attempts: 3 }).execute(REQUEST)).rejects.toMatchObject({ code: 'SANDBOX_BUSY' });
    expect(server.asked).toHaveLength(3);
    server.on('POST /execute', busy('0'));
    await expect(clientOf(false).execute(REQUEST)).rejects.toMatchObject({ retryAfterSeconds: 0 });
    expect(server.asked).toHaveLength(1);
  });

  it('is not held longer than the total time: a longer wait is the caller’s to decide', async () => {
    server.on('POST /execute', busy('60'));
    const begunAt = performance.now();
    await expect(clientOf({ totalMs: 5_000 }).execute(REQUEST)).rejects.toMatchObject({
      code: 'SANDBOX_BUSY',
      retryAfterSeconds: 60,
    });
    expect(performance.now() - begunAt).toBeLessThan(1_000);
    expect(server.asked).toHaveLength(1);
  });

  it('waits no longer than its signal', async () => {
    server.on('POST /execute', busy('20'));
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 50);
    const { signal } = controller;
    const begunAt = performance.now();
    await expect(clientOf().execute(REQUEST, { signal })).rejects.toThrow('enough');
    expect(performance.now() - begunAt).toBeLessThan(2_000);
  });

  it.each([
    [400, 'INVALID_REQUEST'],
    [422, 'SCRIPT_ERROR'],
    [422, 'TIMEOUT'],
    [500, 'INTERNAL'],
    [401, 'UNAUTHENTICATED'],
  ])('is not sent again where another try has the same answer: %d %s', async (status, code) => {
    server.on('POST /execute', json(status, failed(code), { 'Retry-After': '0' }), done);
    await expect(clientOf().execute(REQUEST)).rejects.toMatchObject({ code });
    expect(server.asked).toHaveLength(1);
  });

  it.each([
    ['a lost connection', lost],
    ['a gateway that gave up', json(504, '<html>')],
    ['a gateway that has lost the service', json(502, '<html>')],
    ['a gateway that speaks for pycell', json(502, failed('SANDBOX_UNAVAILABLE'))],
  ])('may have run after %s, and is not sent again unless that is asked for', async (_what, answer) => {
    for (const method of ['execute', 'batch', 'stream'] as const) {
      const client = clientOf();
      const path = method === 'batch' ? 'POST /execute/batch' : 'POST /execute';
      server.on(path, answer, done);
      const call =
        method === 'execute'
          ? client.execute(REQUEST)
          : method === 'batch'
            ? client.batch({ ...REQUEST, inputs: [{}] })
            : client.stream(REQUEST).next();
      await expect(call).rejects.toMatchObject({ mayHaveRun: true });
      expect(server.asked).toHaveLength(1);
    }
    server.on('POST /execute', answer, done);
    expect((await clientOf({ lostRuns: true }).execute(REQUEST)).result).toBe(1);
    expect(server.asked).toHaveLength(2);
  });

  it.each([
    ['a sandbox that does not work, or was lost under the run', json(503, UNAVAILABLE, AT_ONCE), true],
    ['a service without a free place', json(503, failed('SANDBOX_BUSY'), AT_ONCE), false],
    ['a gateway whose 503 says nothing of pycell', json(503, '<html>', AT_ONCE), true],
    ['a gateway that lets only so many through', json(429, '<html>', AT_ONCE), false],
  ])('is sent again after %s, as the contract says', async (_what, answer, mayHaveRun) => {
    server.on('POST /execute', answer, answer, done);
    expect((await clientOf().execute(REQUEST)).result).toBe(1);
    expect(server.asked).toHaveLength(3);
    server.on('POST /execute', answer);
    await expect(clientOf({ attempts: 2 }).stream(REQUEST).next()).rejects.toMatchObject({ mayHaveRun });
    expect(server.asked).toHaveLength(2);
  });

  it('is not sent again before the moment that a gateway names by a date', async () => {
    const moment = new Date(Date.now() + 20_000).toUTCString();
    for (const header of [moment, '99999999999']) {
      server.on('POST /execute', json(429, '<html>', { 'Retry-After': header }), done);
      await expect(clientOf({ totalMs: 5_000 }).execute(REQUEST)).rejects.toMatchObject({ status: 429 });
      expect(server.asked).toHaveLength(1);
    }
  });

  it.each(['', 'in a while', '-1', '1.5', 'Wed, 99 Oct 2099 07:28:00 GMT'])(
    'is sent again after a short time where a gateway asks for what is no time: "%s"',
    async (header) => {
      const limited = json(429, '<html>', { 'Retry-After': header });
      server.on('POST /execute', limited, done);
      expect((await clientOf().execute(REQUEST)).result).toBe(1);
      server.on('POST /execute', limited);
      const answer = clientOf(false).execute(REQUEST);
      await expect(answer).rejects.toMatchObject({ status: 429, retryAfterSeconds: null });
    },
  );

  it('is tried as often as ever where an option is undefined', async () => {
    server.on('POST /execute', busy('0'), done);
    const retry = { attempts: undefined, totalMs: undefined } as unknown as RetryOptions;
    expect((await clientOf(retry).execute(REQUEST)).result).toBe(1);
  });

  it.each([
    ['a lost connection', lost],
    ['a gateway that gave up', json(504, '<html>')],
    ['a gateway without a service behind it', json(503, '<html>')],
  ])('is sent again after %s where nothing runs by it', async (_what, answer) => {
    const validation = { valid: true, violations: [], syntaxError: null, imports: {}, main: null };
    server.on('POST /validate', answer, json(200, validation));
    expect(await clientOf().validate(REQUEST)).toEqual(validation);
    server.on('GET /modules', answer, json(200, { modules: [] }));
    expect(await clientOf().modules()).toEqual([]);
  });

  it('is sent again where nobody was listening, for then nothing has run', async () => {
    const late = new TestServer();
    const address = await late.start();
    await late.stop();
    const asked: string[] = [];
    const client = new PycellClient({
      baseUrl: address,
      fetch: (url, init) => {
        asked.push(url);
        return asked.length < 3 ? fetch(url, init) : fetch(`${baseUrl}/execute`, init);
      },
    });
    server.on('POST /execute', done);
    expect((await client.execute(REQUEST)).result).toBe(1);
    expect(asked).toHaveLength(3);
  });
});
