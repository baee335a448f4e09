import { Logger } from '@nestjs/common';
import type { RedisLink } from './redis-link';

/** What Redis should be told, and what happens else. */
const ADVICE = [
  {
    setting: 'maxmemory-policy',
    wanted: 'noeviction',
    why: 'Redis throws executions away when it is full',
  },
  {
    setting: 'appendonly',
    wanted: 'yes',
    why: 'executions are lost, or run a second time, when Redis is restarted',
  },
  {
    setting: 'appendfsync',
    wanted: 'always',
    why: 'when its machine fails, the last second is lost: what was accepted in it is gone, and what began in it may run a second time',
  },
] as const;

/** Warns of settings of Redis with which executions can be lost. A Redis that does not tell them is taken as it is. */
export async function checkRedis(link: RedisLink): Promise<void> {
  const logger = new Logger('Jobs');
  for (const { setting, wanted, why } of ADVICE) {
    const answer: unknown = await link.ask(() => link.client.config('GET', setting)).catch(() => null);
    const value: unknown = Array.isArray(answer)
      ? answer[1]
      : (answer as Record<string, unknown> | null)?.[setting];
    if (typeof value === 'string' && value !== wanted) {
      logger.warn(
        `${setting} of Redis is ${value.slice(0, 40)}: ${why}. Set it to ${wanted} (docs/operations.md)`,
      );
    }
  }
}
