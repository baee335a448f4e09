import { createRequire } from 'node:module';
import type { Redis } from 'ioredis';
import type { RedisOptions } from '../configuration/redis-options';
import { connectionOf, requireDatabase } from '../redis/redis-client';

/** Longer than a worker waits for the next one by itself. */
const SILENCE_TIMEOUT_MS = 20_000;

/** What ioredis has, and does not tell of. */
interface Inner {
  setStatus(status: 'end'): void;
  /** What has no answer yet fails. */
  flushQueue(error: Error): void;
}

const closed = (): Error => new Error('Connection is closed.');

/**
 * Clients of Redis for BullMQ that end when they are told to. Its own do not while Redis is gone: it waits for their connection
 * first, and connects some anew.
 */
export class BullClients {
  private readonly clients: Redis[] = [];
  private hasEnded = false;

  constructor(private readonly options: RedisOptions) {}

  /** @param waits whether what is asked while Redis is gone is asked when it is back, instead of failing */
  make(waits: boolean): Redis {
    // Not loaded where no callbacks are sent.
    const { Redis } = createRequire(__filename)('ioredis') as typeof import('ioredis');
    const client = new Redis({
      ...connectionOf(this.options),
      socketTimeout: SILENCE_TIMEOUT_MS,
      // As BullMQ wants it.
      maxRetriesPerRequest: null,
      enableOfflineQueue: waits,
    });
    return this.follow(client);
  }

  /** Ends all of them for good: what waits for an answer fails. */
  end(): void {
    this.hasEnded = true;
    this.clients.forEach((client) => client.disconnect());
  }

  private follow(client: Redis): Redis {
    // Why it fails is told of by BullMQ, as long as it listens.
    client.on('error', () => undefined);
    requireDatabase(client);
    this.clients.push(client);
    const [duplicate, connect] = [client.duplicate.bind(client), client.connect.bind(client)];
    const disconnect = client.disconnect.bind(client);
    // A worker makes the one that it blocks on of the one that it has.
    client.duplicate = (override) => this.follow(duplicate(override));
    client.connect = (...args) => (this.hasEnded ? Promise.reject(closed()) : connect(...args));
    client.disconnect = (reconnect) => {
      const isBetween = client.status === 'reconnecting';
      disconnect(reconnect);
      if (isBetween && !reconnect) {
        // Between two attempts to connect it would say nothing of its end, for which BullMQ waits.
        const inner = client as unknown as Inner;
        inner.setStatus('end');
        inner.flushQueue(closed());
      }
    };
    return client;
  }
}
