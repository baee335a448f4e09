import type { Configuration } from '../configuration/configuration';
import type { JobSource, JobStore } from './job-store';
import { MemoryJobStore } from './memory/memory-job-store';
import { RedisJobStore } from './redis/redis-job-store';

const MIB = 1024 * 1024;
const KIB = 1024;
/** A byte of output that is no UTF-8 becomes three; one of a control character six in JSON. */
const TEXT_FACTOR = 3;
const JSON_FACTOR = 6;
const BASE64_FACTOR = 4 / 3;

/** Makes the store of executions: in Redis where there is one, which also knows which ends are to be told, else in memory. */
export function makeJobStore({ jobs, redis, http, sandbox }: Configuration): JobStore & JobSource {
  if (!redis) {
    return new MemoryJobStore(jobs);
  }
  const { maxOutputBytes, maxResultBytes, maxArtifactBytes, maxFiles } = sandbox.limits;
  return new RedisJobStore({
    redis,
    ttlSeconds: jobs.ttlSeconds,
    maxWaiting: jobs.maxWaiting,
    maxWaitingBytes: jobs.maxWaitingBytes,
    maxKeptBytes: jobs.maxKeptBytes,
    maxBodyBytes: http.bodyLimitBytes,
    maxEventBytes: TEXT_FACTOR * maxOutputBytes + MIB,
    maxOutcomeBytes:
      maxResultBytes +
      JSON_FACTOR * maxOutputBytes +
      Math.ceil(BASE64_FACTOR * maxArtifactBytes) +
      maxFiles * KIB +
      2 * MIB,
  });
}
