import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 8_000;

/**
 * Asks again and again until `probe` returns something that `accepts` takes, and returns that.
 * @throws Error with the last value when that has not happened in time
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  accepts: (value: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await probe();
    if (accepts(value)) return value;
    if (Date.now() > deadline) {
      throw new Error(`Not within ${patienceMs} ms; last seen: ${JSON.stringify(value, null, 1)}`);
    }
    await delay(25);
  }
}
