import { createRequire } from 'node:module';
import type { Redis } from 'ioredis';
import type { RedisOptions } from '../configuration/redis-options';

const CONNECT_TIMEOUT_MS = 5_000;
/** A connection on which something is awaited and nothing comes for so long is given up, and made anew. */
const SILENCE_TIMEOUT_MS = 5_000;
/** Between two tries to connect there is no more. */
export const LONGEST_RETRY_MS = 2_000;

/**
 * Makes a client of Redis, which does not connect yet. It connects anew for ever once it has been told to connect; what
 * cannot be sent at once, or has no answer when the connection ends, fails at once.
 *
 * The errors of the client hold what was sent, the password too: tell of them by `reasonOf` only.
 */
export function createRedisClient(options: RedisOptions): Redis {
  // Not loaded where there is no Redis: it costs a start some 20 MB.
  const { Redis } = createRequire(__filename)('ioredis') as typeof import('ioredis');
  return new Redis({
    ...connectionOf(options),
    lazyConnect: true,
    socketTimeout: SILENCE_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // What fails of that is caught by nobody, and would end the process: who subscribes does so anew by itself.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
  });
}

/** How any client of Redis connects, for ever, at the pace that all have. It holds the password. */
export function connectionOf({ host, port, username, password, database, tls }: RedisOptions) {
  return {
    host,
    port,
    db: database,
    ...(username !== null && { username }),
    ...(password && { password: password.reveal() }),
    ...(tls && { tls: {} }),
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (attempt: number) =>
      Math.min(LONGEST_RETRY_MS, 50 * 2 ** Math.min(attempt, 6)) * (0.75 + Math.random() / 4),
  };
}

/** A code of Node's or the first word of an answer of Redis, such as `ECONNREFUSED` or `WRONGPASS`. */
const REASON = /^[A-Z][A-Z_0-9]{2,40}(?=\s|$)/;

/** Returns in a word why something failed that has to do with Redis; nothing of an address or a password is in it. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const words = [code, message].map((text) =>
    typeof text === 'string' ? REASON.exec(text)?.[0] : undefined,
  );
  return words.find((word) => word !== undefined) ?? 'no connection';
}
