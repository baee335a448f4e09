import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { parseCallbackHost } from '../configuration/callback-options';
import type { RedisOptions } from '../configuration/redis-options';
import { Secret } from '../configuration/secret';
import { CallbackRules } from '../jobs/callback-rules';
import { KEEPING, RedisProcess } from '../jobs/redis/redis-process.contract';
import { CallbackAttempts } from './callback-attempts';
import { CallbackDispatch } from './callback-dispatch';
import { CallbackLine } from './callback-line';
import { CallbackMetrics } from './callback-metrics';
import { callbackSecretOf } from './callback-secret';
import { RedisSource } from './redis-source.contract';
import { verified } from './receiver.contract';
import { HOST, hearLogger, newId, Scene, until } from './scene.contract';

jest.setTimeout(60_000);

const MASTER = new Secret(Buffer.alloc(32, 9).toString('base64'));
const LOCK_MS = 1_000;

const scene = Scene.forEachTest();
let redis: RedisProcess;
let options: RedisOptions;
let source: RedisSource;
let registry: Registry;
let lines: (string | Record<string, unknown>)[];
let stopped: (() => Promise<void>)[];

beforeEach(async () => {
  redis = await RedisProcess.start(KEEPING);
  options = { host: '127.0.0.1', port: redis.port, tls: false, username: null, password: null, database: 0 };
  source = new RedisSource(options);
  await source.connect();
  registry = new Registry();
  lines = [];
  stopped = [];
  hearLogger(lines);
});
afterEach(async () => {
  await Promise.all(stopped.map((stop) => stop()));
  source.close();
  await redis.stop();
  jest.restoreAllMocks();
});

function startSender(retryDelayMs = 100, hosts = [`${HOST}:${scene.receiver.port}`]) {
  const rules = new CallbackRules(hosts.flatMap((entry) => parseCallbackHost(entry) ?? []));
  const metrics = new CallbackMetrics((registry = new Registry()));
  const { sender } = scene;
  const attempts = new CallbackAttempts({ source, store: source, rules, sender, metrics, master: MASTER });
  const line = new CallbackLine({
    redis: options,
    make: (id, attempt) => attempts.make(id, attempt),
    retryDelayMs: () => retryDelayMs,
    lockMs: LOCK_MS,
  });
  const dispatch = new CallbackDispatch(source, line, metrics);
  dispatch.start();
  let once: Promise<void> | null = null;
  const stop = async (graceMs: number) => {
    dispatch.stop();
    await line.stop(graceMs);
  };
  const end = (graceMs = 3_000) => (once ??= stop(graceMs));
  stopped.push(() => end());
  return { end, line };
}

function url(host = HOST): string {
  return `https://${host}:${scene.receiver.port}/hook?token=abc`;
}

const isSettled = (id: string) => async () => (await source.findPending(id)) === null;
const idsReceived = () => scene.receiver.received.map(({ headers }) => headers['webhook-id']);
const attemptsToldOf = (id: string) =>
  lines.flatMap((line) =>
    typeof line === 'object' && line['id'] === id ? [[line['attempt'], line['outcome']]] : [],
  );

describe('callbacks over Redis', () => {
  it('are sent, signed for their owner, once; then they are settled and out of the line', async () => {
    const ids = [newId(), newId()];
    await source.end(ids[0] ?? '', url(), 'shop');
    await source.end(ids[1] ?? '', url(), null);
    const { line } = startSender();
    for (const id of ids) {
      await until(isSettled(id));
    }
    const secretOf = (id: unknown) => callbackSecretOf(MASTER, id === ids[0] ? 'shop' : null).reveal();
    for (const request of scene.receiver.received) {
      const id = request.headers['webhook-id'];
      expect(verified(secretOf(id), request)).toMatchObject({
        type: 'execution.ended',
        data: { id, status: 'succeeded', httpStatus: 200, outcome: { stdout: 'hi\n' } },
      });
      expect(request.body).toContain('"result":{"n":12345678901234567890}');
    }
    // A round of the dispatch and more.
    await delay(1_500);
    expect(idsReceived().sort()).toEqual([...ids].sort());
    expect(await line.length()).toBe(0);
    // A line of the log each, without what the URL holds besides its host.
    const what = { msg: 'callback', host: HOST, attempt: 1, outcome: 'delivered', status: 204 };
    expect(lines).toHaveLength(2);
    expect(lines).toContainEqual({ ...what, id: ids[0], key: 'shop' });
    expect(lines).toContainEqual({ ...what, id: ids[1] });
  });

  it('are in the line as ids alone', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = newId();
    await source.end(id, url(), 'shop');
    startSender(60_000);
    await until(() => attemptsToldOf(id).length === 1);
    await delay(100);
    const texts = (await source.lineTexts()).join('\n');
    expect(texts).toContain(id);
    expect(texts).toContain('"data":"{}"');
    expect(texts).not.toMatch(/example|token|shop|1234567890|whsec/);
  });

  it('are tried again until they arrive, with the same id', async () => {
    scene.receiver.answer = (response) =>
      response.writeHead(scene.receiver.received.length < 3 ? 500 : 200).end();
    const id = newId();
    await source.end(id, url());
    startSender();
    await until(isSettled(id));
    expect(idsReceived()).toEqual([id, id, id]);
    expect(new Set(scene.receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(attemptsToldOf(id)).toEqual([
      [1, 'status'],
      [2, 'status'],
      [3, 'delivered'],
    ]);
    expect(await registry.metrics()).toContain('pycell_callback_attempts_total{outcome="status"} 2');
  });

  it('are given up after eight attempts', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = newId();
    await source.end(id, url());
    const { line } = startSender(20);
    await until(isSettled(id));
    await delay(1_500);
    expect(idsReceived()).toHaveLength(8);
    expect(lines.at(-1)).toMatchObject({ attempt: 8, outcome: 'status', status: 500, givenUp: true });
    expect(await line.length()).toBe(0);
    expect(await registry.metrics()).toContain('pycell_callbacks_given_up_total 1');
  });

  it.each<[string, (id: string) => Promise<unknown>, string]>([
    [
      'whose receiver is gone',
      async (id) => {
        scene.receiver.answer = (response) => response.writeHead(410).end();
        await source.end(id, url());
      },
      'gone',
    ],
    [
      'whose execution is forgotten',
      async (id) => {
        await source.forget(id);
        await source.end(id, url());
      },
      'forgotten',
    ],
    ['whose host is not listed now', (id) => source.end(id, url('other.example.org')), 'refused'],
    [
      'to an address, which somebody wrote into Redis',
      (id) => source.end(id, 'https://127.0.0.1/'),
      'refused',
    ],
    ['to plain http', (id) => source.end(id, `http://${HOST}/`), 'refused'],
  ])('%s are given up at once', async (_what, end, outcome) => {
    const id = newId();
    await end(id);
    startSender();
    await until(isSettled(id));
    expect(attemptsToldOf(id)).toEqual([[1, outcome]]);
    expect(lines).toEqual([expect.objectContaining({ givenUp: true })]);
    expect(scene.receiver.received.length).toBe(outcome === 'gone' ? 1 : 0);
  });

  it('to a name that leads inside are tried again, and connect to nothing', async () => {
    scene.names[HOST] = ['127.0.0.2'];
    const id = newId();
    await source.end(id, url());
    startSender();
    await until(() => attemptsToldOf(id).length === 2);
    expect(attemptsToldOf(id)[1]).toEqual([2, 'private_address']);
    scene.names[HOST] = ['127.0.0.1'];
    await until(isSettled(id));
    expect(idsReceived()).toEqual([id]);
  });

  it('survive a sender that stops between two attempts', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = newId();
    await source.end(id, url());
    const first = startSender(500);
    await until(() => attemptsToldOf(id).length === 1);
    await first.end();
    expect(await source.findPending(id)).toMatchObject({ id });
    scene.receiver.answer = (response) => response.writeHead(200).end();
    startSender();
    await until(isSettled(id));
    expect(idsReceived()).toEqual([id, id]);
    expect(attemptsToldOf(id)[1]).toEqual([2, 'delivered']);
  });

  it('survive a sender that dies with them in hand', async () => {
    scene.receiver.answer = () => undefined;
    const id = newId();
    await source.end(id, url());
    const first = startSender();
    await until(() => scene.receiver.received.length === 1);
    await first.end(0);
    scene.receiver.answer = (response) => response.writeHead(200).end();
    startSender();
    await until(isSettled(id));
    expect(new Set(idsReceived())).toEqual(new Set([id]));
    expect(idsReceived().length).toBeGreaterThanOrEqual(2);
  });

  it('are added again when the line is lost', async () => {
    scene.receiver.answer = (response) => response.writeHead(500).end();
    const id = newId();
    await source.end(id, url());
    const first = startSender(60_000);
    await until(() => attemptsToldOf(id).length === 1);
    await first.end();
    await source.loseLine();
    scene.receiver.answer = (response) => response.writeHead(200).end();
    startSender();
    await until(isSettled(id));
    expect(idsReceived()).toEqual([id, id]);
  });

  it('go on when Redis was gone for a while', async () => {
    startSender();
    await until(async () => (await registry.metrics()).includes('pycell_callbacks_pending 0'));
    await redis.kill();
    await until(async () => !(await registry.metrics()).includes('pycell_callbacks_pending 0'));
    await redis.launch(KEEPING);
    await until(async () => (await registry.metrics()).includes('pycell_callbacks_pending 0'));
    const id = newId();
    await until(() =>
      source.end(id, url()).then(
        () => true,
        () => false,
      ),
    );
    await until(isSettled(id));
    expect(lines).toContainEqual(expect.stringMatching(/^Redis does not answer \([A-Z]\w+|no connection\)/));
  });

  it('of one host that never answers do not hold up those of another', async () => {
    scene.names['dead.example.org'] = 'silence';
    const dead = Array.from({ length: 60 }, newId);
    await Promise.all(dead.map((id) => source.end(id, url('dead.example.org'))));
    await delay(5);
    const alive = Array.from({ length: 20 }, newId);
    await Promise.all(alive.map((id) => source.end(id, url())));
    const start = performance.now();
    startSender(
      60_000,
      [HOST, 'dead.example.org'].map((name) => `${name}:${scene.receiver.port}`),
    );
    await until(() => scene.receiver.received.length === alive.length);
    // One attempt at the other takes a second.
    expect(performance.now() - start).toBeLessThan(4_000);
    expect(new Set(idsReceived())).toEqual(new Set(alive));
  });

  it('come in hundreds', async () => {
    const ids = Array.from({ length: 300 }, newId);
    await Promise.all(ids.map((id) => source.end(id, url())));
    startSender();
    await until(() => scene.receiver.received.length >= ids.length, 40_000);
    expect(new Set(idsReceived())).toEqual(new Set(ids));
    expect(idsReceived()).toHaveLength(ids.length);
  });
});

describe('a sender without Redis', () => {
  it('starts, says so, and stops', async () => {
    await redis.kill();
    const { end } = startSender();
    await until(() =>
      lines.some((line) => typeof line === 'string' && line.startsWith('Redis does not answer')),
    );
    const start = performance.now();
    await end(500);
    expect(performance.now() - start).toBeLessThan(3_000);
    await redis.launch(KEEPING);
  });
});
