import { type CallbackHost, readCallbackHosts, readCallbackSecret } from './callback-options';
import type { EnvironmentReader } from './environment';
import type { RedisOptions } from './redis-options';
import type { Secret } from './secret';

/**
 * What a process does. `api`: answers requests, runs the scripts of synchronous ones, and accepts asynchronous ones. `worker`: runs
 * these. `both`: all of that. `callbacks`: sends callbacks, and runs no scripts.
 */
export const ROLES = ['api', 'worker', 'both', 'callbacks'] as const;
export type Role = (typeof ROLES)[number];

/** Settings of asynchronous executions. */
export interface JobsOptions {
  readonly role: Role;
  /** How long an execution is kept after its end. */
  readonly ttlSeconds: number;
  /** How many may wait. */
  readonly maxWaiting: number;
  /** What the requests of those that wait may hold together. */
  readonly maxWaitingBytes: number;
  /** What events and outcomes of those that have ended may hold together: the oldest of who has most are forgotten first. */
  readonly maxKeptBytes: number;
  /** Hosts that callbacks may go to; none: no callbacks. */
  readonly callbackHosts: readonly CallbackHost[];
  /** The secret from which those of callers are derived; null in a process that sends no callbacks. */
  readonly callbackSecret: Secret | null;
}

const MIB = 1024 * 1024;
/** MiB for what waits, and for what has ended: in Redis, and in this process, whose memory is also for what runs. */
const [IN_REDIS, IN_MEMORY] = [256, 64];

export function readJobs(reader: EnvironmentReader, redis: RedisOptions | null): JobsOptions {
  const room = redis ? IN_REDIS : IN_MEMORY;
  const role = reader.oneOf('ROLE', ROLES, 'both');
  return {
    role:
      role === 'both' || redis
        ? role
        : reader.problem(
            'ROLE',
            role,
            'both without REDIS_URL: processes share executions through Redis',
            'both',
          ),
    ttlSeconds: reader.integer('EXECUTION_TTL', { min: 1, max: 604_800 }, 3_600),
    maxWaiting: reader.integer('MAX_QUEUED_EXECUTIONS', { min: 1, max: 1_000_000 }, 1_000),
    maxWaitingBytes: reader.integer('MAX_QUEUED_MB', { min: 1, max: 65_536 }, room) * MIB,
    maxKeptBytes: reader.integer('MAX_KEPT_MB', { min: 1, max: 65_536 }, room) * MIB,
    callbackHosts: readHosts(reader, role, redis),
    callbackSecret: role === 'callbacks' ? readCallbackSecret(reader) : null,
  };
}

function readHosts(
  reader: EnvironmentReader,
  role: Role,
  redis: RedisOptions | null,
): JobsOptions['callbackHosts'] {
  const hosts = readCallbackHosts(reader, redis !== null);
  return role === 'callbacks' && reader.text('CALLBACK_HOSTS') === undefined
    ? reader.problem('ROLE', role, 'CALLBACK_HOSTS beside it: without a host there is nothing to send', hosts)
    : hosts;
}
