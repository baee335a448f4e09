import { Registry } from 'prom-client';
import { parseCallbackHost } from '../configuration/callback-options';
import type { RedisOptions } from '../configuration/redis-options';
import { Secret } from '../configuration/secret';
import { CallbackRules } from '../jobs/callback-rules';
import type { RedisJobStore, RedisJobStoreOptions } from '../jobs/redis/redis-job-store';
import { KEEPING, RedisProcess } from '../jobs/redis/redis-process.contract';
import { StoresOnRedis } from '../jobs/redis/stores.contract';
import { acceptedId, begun, jobOf, OUTCOME } from '../jobs/redis/tried-jobs.contract';
import { CallbackAttempts } from './callback-attempts';
import { CallbackDispatch } from './callback-dispatch';
import { CallbackLine } from './callback-line';
import { CallbackMetrics } from './callback-metrics';
import { HOST, hearLogger, type Scene } from './scene.contract';

export const MASTER = new Secret(Buffer.alloc(32, 9).toString('base64'));
export const RESULT = '{"n":12345678901234567890}';

/** Short, so that what a sender had in hand is soon taken over. */
const LOCK_MS = 1_000;
const LINE_KEYS = 'pycell:bull:pycell-callbacks*';

export interface SenderChange {
  readonly retryDelayMs?: number;
  /** Names at the receiver's port. */
  readonly hosts?: readonly string[];
  /** What goes wrong, where something that nobody has thought of should. */
  readonly fault?: () => void;
}

/** Executions that have ended in a real Redis, and senders of their callbacks; all of it anew for each test. */
export class SendingScene {
  redis!: RedisProcess;
  store!: RedisJobStore;
  /** Of the sender that was started last. */
  registry = new Registry();
  lines: (string | Record<string, unknown>)[] = [];
  private stores!: StoresOnRedis;
  private stopped: (() => Promise<void>)[] = [];

  private constructor(
    private readonly scene: Scene,
    private readonly options: Partial<RedisJobStoreOptions>,
  ) {}

  static forEachTest(scene: Scene, options: Partial<RedisJobStoreOptions> = {}): SendingScene {
    const sending = new SendingScene(scene, options);
    beforeEach(() => sending.begin());
    afterEach(() => sending.end());
    return sending;
  }

  private get redisOptions(): RedisOptions {
    const { port } = this.redis;
    return { host: '127.0.0.1', port, tls: false, username: null, password: null, database: 0 };
  }

  startSender({ retryDelayMs = 100, hosts = [HOST], fault = () => undefined }: SenderChange = {}) {
    const { port } = this.scene.receiver;
    const rules = new CallbackRules(hosts.flatMap((name) => parseCallbackHost(`${name}:${port}`) ?? []));
    const metrics = new CallbackMetrics((this.registry = new Registry()));
    const { store } = this;
    const { sender } = this.scene;
    const attempts = new CallbackAttempts({ source: store, store, rules, sender, metrics, master: MASTER });
    const line = new CallbackLine({
      redis: this.redisOptions,
      make: (id, attempt) => {
        fault();
        return attempts.make(id, attempt);
      },
      failed: (...what) => attempts.failed(...what),
      retryDelayMs: () => retryDelayMs,
      lockMs: LOCK_MS,
    });
    const dispatch = new CallbackDispatch(store, line, metrics);
    dispatch.start();
    let once: Promise<void> | null = null;
    const stop = async (graceMs: number) => {
      dispatch.stop();
      await line.stop(graceMs);
    };
    const end = (graceMs = 3_000) => (once ??= stop(graceMs));
    this.stopped.push(() => end());
    return { end, line };
  }

  /** Has an execution end with a result, to be told to a URL. @returns its id */
  async ended(url = this.url(), key: string | null = null, result = RESULT): Promise<string> {
    const id = await acceptedId(this.store, jobOf('o', { callbackUrl: url, key }));
    const output = '{"stdout":"hi\\n","stderr":""}';
    await (await begun(this.store)).end({ ...OUTCOME, result: Buffer.from(result), output });
    return id;
  }

  /** Has many end at once, without a result: they are cancelled. @returns their ids */
  cancelled(count: number, url = this.url()): Promise<readonly string[]> {
    const one = async () => {
      const id = await acceptedId(this.store, jobOf('o', { callbackUrl: url }));
      await this.store.cancel(id);
      return id;
    };
    return Promise.all(Array.from({ length: count }, one));
  }

  url(host = HOST): string {
    return `https://${host}:${this.scene.receiver.port}/hook?token=abc`;
  }

  readonly isSettled = (id: string) => async () => (await this.store.findPending(id)) === null;

  idsReceived() {
    return this.scene.receiver.received.map(({ headers }) => headers['webhook-id']);
  }

  attemptsToldOf(id: string) {
    return this.lines.flatMap((line) =>
      typeof line === 'object' && line['id'] === id ? [[line['attempt'], line['outcome']]] : [],
    );
  }

  /** Takes away the whole line, as a Redis that lost it would. */
  loseLine(): void {
    const remove = `for _, key in ipairs(redis.call('KEYS', '${LINE_KEYS}')) do redis.call('DEL', key) end`;
    this.redis.command('EVAL', remove, '0');
  }

  /** All that the line keeps, as texts. */
  lineTexts(): readonly string[] {
    const keys = this.redis.command('KEYS', LINE_KEYS).split('\n');
    const hashes = keys.filter((key) => this.redis.command('TYPE', key) === 'hash');
    return [...keys, ...hashes.map((key) => this.redis.command('HGETALL', key))];
  }

  private async begin(): Promise<void> {
    this.lines = [];
    this.stopped = [];
    hearLogger(this.lines);
    this.redis = await RedisProcess.start(KEEPING);
    this.stores = new StoresOnRedis(this.redis.port);
    this.store = await this.stores.open(this.options);
    this.lines.length = 0;
  }

  private async end(): Promise<void> {
    await Promise.all(this.stopped.map((stop) => stop()));
    await this.stores.close();
    await this.redis.stop();
    jest.restoreAllMocks();
  }
}
