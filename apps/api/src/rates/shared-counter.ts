import type { Redis } from 'ioredis';
import { Logger } from '@nestjs/common';
import type { Rate, WithoutRedis } from '../configuration/rates-options';
import { reasonOf, toldReason } from '../redis/redis-client';
import { LocalCounter } from './local-counter';
import type { RateCounter, RateVerdict } from './rate-counter';
import { RedisCounter } from './redis-counter';

/** So often Redis is tried while it is gone. */
const TRIAL_INTERVAL_MS = 1_000;
/** So long a start waits for Redis. */
const START_TIMEOUT_MS = 1_000;
/** What is counted to try Redis: it must be able to write. */
const TRIAL: { readonly callerId: string; readonly rate: Rate } = {
  callerId: 'trial of the connection',
  rate: { requests: 1_000_000, seconds: 60 },
};

const NO_CONNECTION = 'no connection';

/** What is said while Redis is gone. */
const MEANWHILE: Readonly<Record<WithoutRedis, string>> = {
  open: 'each instance counts for itself until it is back (RATE_LIMIT_WITHOUT_REDIS=open)',
  closed: 'who has a rate is refused until it is back (RATE_LIMIT_WITHOUT_REDIS=closed)',
};

/**
 * Counts in Redis, and without it while it is gone: from the first request that it does not answer in time or with sense,
 * until a trial in the background works. No request waits for Redis meanwhile.
 */
export class SharedCounter implements RateCounter {
  private readonly logger = new Logger('Rates');
  private readonly counter: RedisCounter;
  private readonly local = new LocalCounter();
  /** At the start it is not known yet. */
  private redisIs: 'unknown' | 'here' | 'gone' | 'closed' = 'unknown';
  private timer: NodeJS.Timeout | null = null;
  private lastReason = NO_CONNECTION;

  /** @param redis not connected yet; it is closed with this */
  constructor(
    private readonly redis: Redis,
    private readonly without: WithoutRedis,
  ) {
    this.counter = new RedisCounter(redis);
    redis.on('error', (error) => {
      const reason = reasonOf(error);
      // What follows from the first error has no word.
      this.lastReason = reason === NO_CONNECTION ? this.lastReason : reason;
    });
    redis.on('close', () => this.lose(this.lastReason));
    redis.on('ready', () => void this.tryRedis());
  }

  /** Connects, and resolves when it is known whether Redis is there. */
  async start(): Promise<void> {
    const waited = new Promise<void>((resolve) => setTimeout(resolve, START_TIMEOUT_MS));
    // It goes on trying by itself; why it failed comes as an event.
    const connected = this.redis.connect().then(
      () => this.tryRedis(),
      () => undefined,
    );
    await Promise.race([connected, waited]);
    if (this.redisIs === 'unknown') {
      this.lose(this.lastReason);
    }
  }

  /** Ends the connection. */
  stop(): void {
    this.redisIs = 'closed';
    this.endTrials();
    this.redis.disconnect();
  }

  /** Whether Redis counts, as far as is known. */
  get isShared(): boolean {
    return this.redisIs === 'here';
  }

  take(callerId: string, rate: Rate): RateVerdict | null | Promise<RateVerdict | null> {
    return this.redisIs === 'here' ? this.ask(callerId, rate) : this.takeWithout(callerId, rate);
  }

  private async ask(callerId: string, rate: Rate): Promise<RateVerdict | null> {
    try {
      return await this.counter.take(callerId, rate);
    } catch (error) {
      // Redis is gone, hangs, is full, may not be written, or answers nonsense.
      this.lose(reasonOf(error));
      return this.takeWithout(callerId, rate);
    }
  }

  private takeWithout(callerId: string, rate: Rate): RateVerdict | null {
    return this.without === 'open' ? this.local.take(callerId, rate) : null;
  }

  private async tryRedis(): Promise<void> {
    try {
      await this.counter.take(TRIAL.callerId, TRIAL.rate);
    } catch (error) {
      this.lastReason = reasonOf(error);
      return;
    }
    if (this.redisIs === 'gone') {
      this.logger.warn('Redis is back: rates are counted for all instances together again');
    }
    if (this.redisIs !== 'closed') {
      this.redisIs = 'here';
      this.lastReason = NO_CONNECTION;
      this.endTrials();
    }
  }

  private lose(reason: string): void {
    if (this.redisIs === 'gone' || this.redisIs === 'closed') {
      return;
    }
    this.redisIs = 'gone';
    this.logger.error(`Redis is gone (${toldReason(reason)}): ${MEANWHILE[this.without]}`);
    this.timer = setInterval(() => {
      if (this.redis.status === 'ready') {
        void this.tryRedis();
      }
    }, TRIAL_INTERVAL_MS).unref();
  }

  private endTrials(): void {
    if (this.timer) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }
}
