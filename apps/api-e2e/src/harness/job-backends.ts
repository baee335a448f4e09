import { ApiServer, type Environment } from './api-server';
import { describeCloud } from './jail-support';
import { KEEPING, RedisServer } from './redis-server';

/** A service that takes asynchronous executions, and runs them. */
export interface JobBackend {
  readonly server: ApiServer;
  /** Null where they are kept in memory. */
  readonly redis: RedisServer | null;
  stop(): Promise<void>;
}

const BACKENDS = { 'in memory': false, 'in Redis': true } as const;

/** Starts a service that keeps executions in memory, or in a Redis of its own. */
export async function startBackend(withRedis: boolean, environment: Environment): Promise<JobBackend> {
  const redis = withRedis ? await RedisServer.start(KEEPING) : null;
  const server = await ApiServer.start({
    BUILD: 'cloud',
    ...(redis && { REDIS_URL: redis.url }),
    ...environment,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await redis?.stop();
  };
  return { server, redis, stop };
}

/** Defines the suite for executions that are kept in memory, and for those that are kept in Redis. */
export function describeBackends(what: string, suite: (withRedis: boolean) => void): void {
  for (const [name, withRedis] of Object.entries(BACKENDS)) {
    describeCloud(`${what} (${name})`, () => suite(withRedis));
  }
}
