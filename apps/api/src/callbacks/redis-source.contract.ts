import type { Redis } from 'ioredis';
import type { RedisOptions } from '../configuration/redis-options';
import type { JobOutcome, JobRecord } from '../jobs/job';
import {
  type CallbackSource,
  type JobStore,
  JobStoreUnavailable,
  type PendingCallback,
} from '../jobs/job-store';
import { createRedisClient } from '../redis/redis-client';

const PENDING = 'test:pending';
const RECORDS = 'test:records';

/** What a test keeps in Redis of one execution that has ended. */
interface Kept {
  readonly pending: PendingCallback;
  readonly record: JobRecord;
  readonly outcome: string;
}

/** Ends in a real Redis, as simple as they can be: for tests of what sends callbacks. */
export class RedisSource implements CallbackSource, Pick<JobStore, 'find' | 'outcomeOf'> {
  private readonly redis: Redis;

  constructor(options: RedisOptions) {
    this.redis = createRedisClient(options);
    this.redis.on('error', () => undefined);
  }

  connect(): Promise<void> {
    return this.redis.connect();
  }

  close(): void {
    this.redis.disconnect();
  }

  /** Keeps an execution that has ended with a result, to be told to a URL. */
  async end(
    id: string,
    url: string,
    key: string | null = null,
    result = '{"n":12345678901234567890}',
  ): Promise<void> {
    const endedAt = Date.now();
    const times = { createdAt: endedAt - 20, startedAt: endedAt - 10, endedAt, expiresAt: endedAt + 60_000 };
    const kept: Kept = {
      pending: { id, owner: 'o', key, url, endedAt },
      record: { id, owner: 'o', status: 'succeeded', ...times, httpStatus: 200 },
      outcome: result,
    };
    await this.ask(() =>
      this.redis.multi().hset(RECORDS, id, JSON.stringify(kept)).zadd(PENDING, endedAt, id).exec(),
    );
  }

  forget(id: string): Promise<unknown> {
    return this.ask(() => this.redis.hset(RECORDS, `forgotten ${id}`, '1'));
  }

  /** Takes away all that BullMQ has, as a Redis that lost it would. */
  async loseLine(): Promise<void> {
    const keys = await this.redis.keys('pycell:bull:*');
    await this.redis.del(keys);
  }

  /** All that BullMQ keeps, as texts. */
  async lineTexts(): Promise<readonly string[]> {
    const keys = await this.redis.keys('pycell:bull:*');
    const dumps = await Promise.all(
      keys.map(async (key) =>
        (await this.redis.type(key)) === 'hash' ? JSON.stringify(await this.redis.hgetall(key)) : '',
      ),
    );
    return [...keys, ...dumps];
  }

  async pending(limit: number, after: PendingCallback | null): Promise<readonly PendingCallback[]> {
    const least = after ? after.endedAt : '-inf';
    const ids = await this.ask(() => this.redis.zrangebyscore(PENDING, least, '+inf'));
    const found = await Promise.all(ids.map((id) => this.findPending(id)));
    return found
      .flatMap((pending) => pending ?? [])
      .filter(({ id, endedAt }) => !after || endedAt > after.endedAt || id > after.id)
      .slice(0, limit);
  }

  async findPending(id: string): Promise<PendingCallback | null> {
    const isPending = await this.ask(() => this.redis.zscore(PENDING, id));
    return isPending === null ? null : ((await this.keptOf(id))?.pending ?? null);
  }

  async settled(id: string): Promise<void> {
    await this.ask(() => this.redis.zrem(PENDING, id));
  }

  async find(id: string): Promise<JobRecord | null> {
    const isForgotten = await this.ask(() => this.redis.hexists(RECORDS, `forgotten ${id}`));
    return isForgotten ? null : ((await this.keptOf(id))?.record ?? null);
  }

  async outcomeOf(id: string): Promise<JobOutcome | null> {
    const kept = await this.keptOf(id);
    return (
      kept && {
        httpStatus: 200,
        result: Buffer.from(kept.outcome),
        facts: '{"execution":{"id":"x"}}',
        output: '{"stdout":"hi\\n","stderr":""}',
        artifacts: [],
      }
    );
  }

  private async keptOf(id: string): Promise<Kept | null> {
    const text = await this.ask(() => this.redis.hget(RECORDS, id));
    return text === null ? null : (JSON.parse(text) as Kept);
  }

  private async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw new JobStoreUnavailable('test', { cause: error });
    }
  }
}
