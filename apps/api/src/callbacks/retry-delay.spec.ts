import { MOST_ATTEMPTS, retryDelayMs } from './retry-delay';

const HOUR_MS = 3_600_000;

describe('retryDelayMs', () => {
  it('grows from five seconds to two hours, some four hours in all', () => {
    const delays = Array.from({ length: MOST_ATTEMPTS - 1 }, (_, at) => retryDelayMs(at + 1, null));
    expect(delays[0]).toBeGreaterThanOrEqual(4_000);
    expect(delays[0]).toBeLessThanOrEqual(6_000);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays.at(-1)).toBeLessThanOrEqual(2.4 * HOUR_MS);
    const sum = delays.reduce((total, delay) => total + delay, 0);
    expect(sum).toBeGreaterThan(3 * HOUR_MS);
    expect(sum).toBeLessThan(5 * HOUR_MS);
  });

  it('differs from one to the next', () => {
    expect(new Set(Array.from({ length: 50 }, () => retryDelayMs(4, null))).size).toBeGreaterThan(10);
  });

  it('keeps to what a receiver asks for, an hour at most', () => {
    expect(retryDelayMs(1, 60_000)).toBe(60_000);
    expect(retryDelayMs(1, 1e12)).toBe(HOUR_MS);
    expect(retryDelayMs(1, 0)).toBeGreaterThanOrEqual(4_000);
  });
});
