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
  const client = new Redis({
    ...connectionOf(options),
    lazyConnect: true,
    socketTimeout: SILENCE_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // What fails of that is caught by nobody, and would end the process: who subscribes does so anew by itself.
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
  });
  requireDatabase(client);
  return client;
}

/**
 * Has a client that is not let into its database connect anew until it is, as with a password. It would be ready all the
 * same, in database 0: among what belongs to others.
 */
export function requireDatabase(client: Redis): void {
  client.on('error', (error) => {
    // It is told so before it is ready, and is not ready then.
    if (isOfSelect(error)) {
      client.disconnect(true);
    }
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

/** What a database is refused with. */
const NO_DATABASE = 'NO_DATABASE';

/** A code of Node's or the first word of an answer of Redis, such as `ECONNREFUSED` or `WRONGPASS`. */
const REASON = /^[A-Z][A-Z_0-9]{2,40}(?=\s|$)/;

/** Returns in a word why something failed that has to do with Redis; nothing of an address or a password is in it. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  // SELECT may come first, and have the answer that anything would have: to a password that is missing, or too many clients.
  if (isOfSelect(error) && /^(ERR (DB|invalid DB|SELECT)|NOPERM)/.test(String(message))) {
    return NO_DATABASE;
  }
  const words = [code, message].map((text) =>
    typeof text === 'string' ? REASON.exec(text)?.[0] : undefined,
  );
  return words.find((word) => word !== undefined) ?? 'no connection';
}

/** Whether Redis refuses the database. Nothing but the beginning of a connection selects one. */
function isOfSelect(error: unknown): boolean {
  return (error as { command?: { name?: unknown } } | null)?.command?.name === 'select';
}

/** Returns such a word with what to do, where it says too little. */
export function toldReason(reason: string): string {
  return reason === NO_DATABASE
    ? `${reason}: it has none of the number in REDIS_URL, or the user may not SELECT it`
    : reason;
}
