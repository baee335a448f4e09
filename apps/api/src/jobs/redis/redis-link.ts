import { AsyncResource } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { RedisOptions } from '../../configuration/redis-options';
import { createRedisClient, LONGEST_RETRY_MS, reasonOf, toldReason } from '../../redis/redis-client';
import { JobStoreUnavailable } from '../job-store';
import { KEYS } from './scripts/prelude';

/** So long an answer is waited for, and a millisecond more for each 16 KiB that are sent or expected. */
const ANSWER_TIMEOUT_MS = 1_800;
/** What is large is waited for so long: others' may come before it. */
const READ_TIMEOUT_MS = 8_000;
const BYTES_A_MS = 16 * 1024;
const TRIAL_INTERVAL_MS = 1_000;
const TRIAL_TIMEOUT_MS = 1_000;
/** So long a start waits for Redis. */
const START_TIMEOUT_MS = 2_000;
/** Whoever tries to connect has tried again after so long, with a little to spare. */
const JUST_BACK_MS = LONGEST_RETRY_MS + 1_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** So often at most something is said of commands that Redis refuses while it is there. */
const REFUSALS_INTERVAL_MS = 60_000;
/** After it was full it is taken for full so long: what is tried again and again finds it so more often. */
const FULL_FOR_MS = 60_000;
/** With these Redis is there: it has read a command, and refuses it. */
const REFUSALS = new Set(['ERR', 'OOM', 'WRONGTYPE', 'NOPERM', 'MISCONF', 'NOSCRIPT', 'GARBAGE']);

/** What an error without a word of Redis or Node's is called. */
const NO_WORD = 'no connection';

/** Redis has not answered in time. */
class LateAnswer extends Error {
  override readonly name = 'LateAnswer';
  readonly code = 'TIMEOUT';
}

/**
 * The three connections to Redis, and what is known of it: one for commands, which alone tells whether Redis is there; one
 * for answers that may be large, behind which nothing else waits; one for what is published. While Redis is gone every call is
 * refused at once; a trial once a second finds out when it is back. Errors of the client hold what was sent, scripts and
 * results too: only a word of them goes further.
 */
export class RedisLink {
  readonly client: Redis;
  readonly reader: Redis;
  readonly subscriber: Redis;
  private readonly logger = new Logger('Jobs');
  private readonly listeners: (() => void)[] = [];
  private redisIs: 'unknown' | 'here' | 'gone' | 'closed' = 'unknown';
  private timer: NodeJS.Timeout | null = null;
  /** Trials are of no request, though one may have found out that Redis is gone: the log would name it. */
  private readonly ofNoRequest = new AsyncResource('RedisLink');
  private lastReason = NO_WORD;
  private saidRefusalAt = -Infinity;
  private lastFullAt = -Infinity;
  /** Called when Redis is gone: what is read then does not come. */
  private readonly reads = new Set<(error: Error) => void>();
  /** By `performance.now()`: since when Redis has answered without a break. */
  private steadySince = Infinity;
  /** Whether it has come back, before or after this process had started. */
  private mayBeOlder = false;

  constructor(options: RedisOptions) {
    this.client = createRedisClient(options);
    this.reader = createRedisClient(options);
    this.subscriber = createRedisClient(options);
    this.client.on('error', (error) => {
      const reason = reasonOf(error);
      // What follows from the first error has no word.
      this.lastReason = reason === NO_WORD ? this.lastReason : reason;
    });
    this.client.on('close', () => this.lose(this.lastReason));
    this.client.on('ready', () => void this.try());
    // Why they fail is told of the first one; they connect anew by themselves.
    this.reader.on('error', () => undefined);
    this.subscriber.on('error', () => undefined);
  }

  get isThere(): boolean {
    return this.redisIs === 'here';
  }

  /** Whether it has refused something lately because it was full. */
  get isFull(): boolean {
    return this.isThere && performance.now() - this.lastFullAt < FULL_FOR_MS;
  }

  /** For how long Redis has answered without a break, in milliseconds. */
  get steadyMs(): number {
    return this.isThere ? performance.now() - this.steadySince : 0;
  }

  /** Whether it came back so lately that others, who have begun something, may not have found out. */
  get isJustBack(): boolean {
    return this.isThere && this.mayBeOlder && this.steadyMs < JUST_BACK_MS;
  }

  /** Has something called whenever Redis is there again. */
  onBack(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Connects, and resolves when it is known whether Redis is there. */
  async start(): Promise<void> {
    // All go on trying by themselves; why they failed comes as an event.
    const connected = this.client.connect().then(
      () => this.try(),
      () => undefined,
    );
    this.reader.connect().catch(() => undefined);
    this.subscriber.connect().catch(() => undefined);
    await Promise.race([connected, sleep(START_TIMEOUT_MS, undefined, { ref: false })]);
    if (this.redisIs === 'unknown') {
      this.lose(this.lastReason);
    }
  }

  stop(): void {
    this.redisIs = 'closed';
    this.endTrials();
    this.client.disconnect();
    this.reader.disconnect();
    this.subscriber.disconnect();
  }

  /**
   * Asks once.
   * @param bytes that are sent or expected, about
   * @throws JobStoreUnavailable where Redis is gone, does not answer in time, or refuses
   */
  async ask<T>(call: () => Promise<T>, bytes = 0): Promise<T> {
    this.requireThere();
    try {
      return await inTime(call, ANSWER_TIMEOUT_MS + bytes / BYTES_A_MS);
    } catch (error) {
      throw this.unavailable(error);
    }
  }

  /**
   * Asks once for what may be large: that `reader` is late, or lost, says nothing of Redis.
   * @throws JobStoreUnavailable as `ask` does
   */
  async read<T>(call: () => Promise<T>): Promise<T> {
    this.requireThere();
    let lose: (error: Error) => void = () => undefined;
    const lost = new Promise<never>((_, reject) => this.reads.add((lose = reject)));
    try {
      return await Promise.race([inTime(call, READ_TIMEOUT_MS), lost]);
    } catch (error) {
      if (error instanceof JobStoreUnavailable) {
        throw error;
      }
      const reason = reasonOf(error);
      this.sayRefusal(reason);
      throw new JobStoreUnavailable(`Redis does not answer, or refuses (${reason})`);
    } finally {
      this.reads.delete(lose);
    }
  }

  /** Asks again and again while Redis is gone, until `hurry` aborts: only for what may be asked twice. */
  insist<T>(call: () => Promise<T>, forMs: number, bytes = 0, hurry?: AbortSignal): Promise<T> {
    return this.insistOn(() => this.ask(call, bytes), forMs, hurry);
  }

  /** The same of what asks by itself. */
  async insistOn<T>(ask: () => Promise<T>, forMs: number, hurry?: AbortSignal): Promise<T> {
    const latest = performance.now() + forMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return await ask();
      } catch (error) {
        if (this.redisIs === 'closed' || performance.now() + pauseMs > latest || hurry?.aborted) {
          throw error;
        }
      }
      await sleep(pauseMs, undefined, { signal: hurry }).catch(() => undefined);
    }
  }

  private unavailable(error: unknown): JobStoreUnavailable {
    if (error instanceof JobStoreUnavailable) {
      return error;
    }
    const reason = reasonOf(error);
    if (reason === NO_WORD && this.client.status === 'ready') {
      // Not of the connection: the line refuses something.
    } else if (!REFUSALS.has(reason)) {
      this.lose(reason);
    } else {
      this.sayRefusal(reason);
    }
    return new JobStoreUnavailable(`Redis does not answer, or refuses (${reason})`);
  }

  private requireThere(): void {
    if (this.redisIs !== 'here') {
      throw new JobStoreUnavailable(`Redis is gone (${this.lastReason})`);
    }
  }

  private sayRefusal(reason: string): void {
    if (reason === 'OOM') {
      this.lastFullAt = performance.now();
    }
    if (REFUSALS.has(reason) && performance.now() - this.saidRefusalAt > REFUSALS_INTERVAL_MS) {
      this.saidRefusalAt = performance.now();
      this.logger.error(
        `Redis refuses what executions need of it (${reason})${reason === 'OOM' ? ': it is full, raise maxmemory, or lower MAX_QUEUED_MB or MAX_KEPT_MB' : ''}`,
      );
    }
  }

  /** Redis must be able to write. */
  private async try(): Promise<void> {
    try {
      await inTime(() => this.client.set(KEYS.trial, '1', 'PX', 60_000), TRIAL_TIMEOUT_MS);
    } catch (error) {
      this.lastReason = reasonOf(error);
      if (!REFUSALS.has(this.lastReason)) {
        return;
      }
    }
    if (this.redisIs === 'gone') {
      this.mayBeOlder = true;
      this.logger.warn('Redis is back: asynchronous executions are accepted, run and told of again');
    }
    if (this.redisIs === 'unknown') {
      this.mayBeOlder = await this.hasJustStarted();
    }
    if (this.redisIs === 'gone' || this.redisIs === 'unknown') {
      this.redisIs = 'here';
      this.steadySince = performance.now();
      this.lastReason = NO_WORD;
      this.endTrials();
      this.listeners.forEach((listener) => listener());
    }
  }

  /** Whether it has executions of a time before it was started last, which was just now. */
  private async hasJustStarted(): Promise<boolean> {
    try {
      const asked = () => Promise.all([this.client.info('server'), this.client.exists(KEYS.totals)]);
      const [server, known] = await inTime(asked, TRIAL_TIMEOUT_MS);
      const seconds = Number(/^uptime_in_seconds:(\d+)/m.exec(server)?.[1] ?? 0);
      return known === 1 && seconds * 1_000 < JUST_BACK_MS;
    } catch {
      // It does not say: who waits for nothing has lost a moment.
      return true;
    }
  }

  private lose(reason: string): void {
    if (this.redisIs === 'gone' || this.redisIs === 'closed') {
      return;
    }
    this.redisIs = 'gone';
    this.reads.forEach((lose) => lose(new JobStoreUnavailable(`Redis is gone (${reason})`)));
    this.logger.error(
      `Redis is gone (${toldReason(reason)}): until it is back no asynchronous execution is accepted, begun or told of; what runs is ended when it is back within a minute`,
    );
    this.timer = this.ofNoRequest.runInAsyncScope(() =>
      setInterval(() => {
        if (this.client.status === 'ready') {
          void this.try();
        }
      }, TRIAL_INTERVAL_MS),
    );
    this.timer.unref();
  }

  private endTrials(): void {
    if (this.timer) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }
}

function inTime<T>(call: () => Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // When the event loop stood still, an answer that came meanwhile is read before this.
      setImmediate(() => reject(new LateAnswer()));
    }, timeoutMs);
    call()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
