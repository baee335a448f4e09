import { RedisJobStore, type RedisJobStoreOptions } from './redis-job-store';

const MIB = 1024 * 1024;

/** Stores on one Redis, each with connections of its own as a process has them. */
export class StoresOnRedis {
  private readonly stores: RedisJobStore[] = [];

  /** @param port of loopback */
  constructor(private readonly port: number) {}

  async open(options: Partial<RedisJobStoreOptions> = {}, port = this.port): Promise<RedisJobStore> {
    const store = new RedisJobStore({
      redis: { host: '127.0.0.1', port, tls: false, username: null, password: null, database: 0 },
      ttlSeconds: 60,
      maxWaiting: 5_000,
      maxWaitingBytes: 64 * MIB,
      maxKeptBytes: 64 * MIB,
      maxBodyBytes: 8 * MIB,
      maxEventBytes: MIB,
      maxOutcomeBytes: 16 * MIB,
      ...options,
    });
    this.stores.push(store);
    await store.start();
    return store;
  }

  async close(): Promise<void> {
    await Promise.all(this.stores.splice(0).map((store) => store.stop()));
  }
}
