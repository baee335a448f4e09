import type { EnvironmentReader } from './environment';

/** How many requests a caller may send in a time. */
export interface Rate {
  readonly requests: number;
  readonly seconds: number;
}

/** What to do about rates while Redis, which counts for all replicas, cannot be asked. */
export const WITHOUT_REDIS = ['open', 'closed'] as const;
export type WithoutRedis = (typeof WITHOUT_REDIS)[number];

/** Settings of rate limits. */
export interface RatesOptions {
  /** The rate of callers that have none of their own; null: they have none. */
  readonly default: Rate | null;
  readonly withoutRedis: WithoutRedis;
}

/** What a rate may be, in requests and in seconds. */
export const RATE_BOUNDS = {
  requests: { min: 1, max: 1_000_000 },
  seconds: { min: 1, max: 86_400 },
} as const;

const DEFAULT_SECONDS = 60;

export function readRates(reader: EnvironmentReader): RatesOptions {
  const requests = reader.integer('RATE_LIMIT', RATE_BOUNDS.requests, 0);
  const seconds = reader.integer('RATE_LIMIT_WINDOW', RATE_BOUNDS.seconds, DEFAULT_SECONDS);
  return {
    default: requests === 0 ? null : { requests, seconds },
    withoutRedis: reader.oneOf('RATE_LIMIT_WITHOUT_REDIS', WITHOUT_REDIS, 'open'),
  };
}
