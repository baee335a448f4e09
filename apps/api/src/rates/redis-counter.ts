import type { Redis } from 'ioredis';
import type { Rate } from '../configuration/rates-options';
import type { RateVerdict } from './rate-counter';

/** So long an answer of Redis is waited for. */
export const ANSWER_TIMEOUT_MS = 100;

/**
 * The same windows as those in memory, in one step. A key that is expired exists until its millisecond is over, which is
 * why a window is kept one shorter than it is. What has no end, or a later one than a window that begins now, is no window
 * of ours: the clock of Redis was set back, say.
 */
const SCRIPT = `
local requests = tonumber(ARGV[1])
local length = tonumber(ARGV[2])
local used = tonumber(redis.call('GET', KEYS[1]))
local left = redis.call('PTTL', KEYS[1]) + 1
if not used or used < 1 or left < 1 or left > length then
  redis.call('SET', KEYS[1], 1, 'PX', length - 1)
  return {1, length}
end
if used >= requests then
  return {requests + 1, left}
end
redis.call('INCR', KEYS[1])
return {used + 1, left}
`;

const COMMAND = 'pycellTakeRate';

type TakeRate = (key: string, requests: number, lengthMs: number) => Promise<unknown>;

/** Redis answered what its script cannot answer, or not in time. */
export class RedisAnswerError extends Error {
  override readonly name = 'RedisAnswerError';
}

/** Counts in Redis, for all who use the same one. */
export class RedisCounter {
  private readonly takeRate: TakeRate;

  constructor(redis: Redis) {
    redis.defineCommand(COMMAND, { numberOfKeys: 1, lua: SCRIPT });
    const commands = redis as unknown as Record<typeof COMMAND, TakeRate>;
    this.takeRate = (key, requests, lengthMs) => commands[COMMAND](key, requests, lengthMs);
  }

  /**
   * Counts a request, in one round trip.
   * @throws RedisAnswerError, or an error of the client
   */
  async take(callerId: string, { requests, seconds }: Rate): Promise<RateVerdict> {
    // Of another length it is another window.
    const key = `pycell:rate:${seconds}:${encodeURIComponent(callerId)}`;
    const lengthMs = seconds * 1000;
    return verdictOf(await inTime(this.takeRate(key, requests, lengthMs)), requests, lengthMs);
  }
}

/** Whoever can write to Redis could answer anything. */
function verdictOf(answer: unknown, requests: number, lengthMs: number): RateVerdict {
  const [used, left] = Array.isArray(answer) && answer.length === 2 ? (answer as unknown[]) : [];
  if (!isWithin(used, requests + 1) || !isWithin(left, lengthMs)) {
    throw new RedisAnswerError('GARBAGE where a count was expected');
  }
  return { isAllowed: used <= requests, remaining: Math.max(0, requests - used), resetMs: left };
}

function isWithin(value: unknown, largest: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= largest;
}

function inTime(answer: Promise<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      // When the event loop stood still, an answer that came meanwhile is read before this.
      setImmediate(() => reject(new RedisAnswerError('TIMEOUT')));
    }, ANSWER_TIMEOUT_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
