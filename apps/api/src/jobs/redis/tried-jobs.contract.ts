import type { JobOutcome, NewJob } from '../job';
import type { TakenJob } from '../job-store';
import type { RedisJobStore } from './redis-job-store';

export const OUTCOME: JobOutcome = {
  httpStatus: 200,
  result: Buffer.from('[1,2]'),
  facts: '{"execution":{"id":"e"}}',
  output: '{"stdout":"","stderr":""}',
  artifacts: [],
};

export function jobOf(owner: string, more: Partial<NewJob> = {}): NewJob {
  const body = Buffer.from('{"script":"def main(): return 1"}');
  return { owner, key: null, maxPlaces: null, body, idempotencyKey: null, callbackUrl: null, ...more };
}

export async function until<T>(look: () => Promise<T | null | false>, forMs = 8_000): Promise<T> {
  const end = performance.now() + forMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) {
      return found;
    }
    if (performance.now() > end) {
      throw new Error('it never came to be');
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function acceptedId(store: RedisJobStore, job = jobOf('a')): Promise<string> {
  const acceptance = await store.accept(job);
  if (acceptance.kind !== 'accepted') {
    throw new Error(acceptance.kind);
  }
  return acceptance.record.id;
}

export const taken = (store: RedisJobStore, forMs?: number): Promise<TakenJob> =>
  until(() => store.take(), forMs);

export async function begun(store: RedisJobStore): Promise<TakenJob> {
  const job = await taken(store);
  expect(await job.begin()).toBe(true);
  return job;
}
