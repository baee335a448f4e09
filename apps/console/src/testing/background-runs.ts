import type { BackgroundRun } from '../app/background/background-run';

export const RUN_ID = '0123456789abcdef0123456789abcdef';

/** A run in the background that goes on, at the clock's 0. */
export function backgroundRun(changes: Partial<BackgroundRun> = {}): BackgroundRun {
  return {
    key: 'k1',
    apiUrl: 'https://api.example/',
    id: RUN_ID,
    title: 'primes',
    status: 'running',
    at: 0,
    startedAt: 0,
    endedAt: null,
    expiresAt: null,
    skewMs: 0,
    outcome: null,
    why: '',
    weight: 10,
    ...changes,
  };
}
