import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until `probe` returns a value that `accepts` takes, and returns that value.
 * @throws Error with the last value when that has not happened within `timeoutMs`.
 */
export async function eventually<T, Accepted extends T>(
  probe: () => T | Promise<T>,
  accepts: (value: T) => value is Accepted,
  timeoutMs: number,
): Promise<Accepted>;
export async function eventually<T>(
  probe: () => T | Promise<T>,
  accepts: (value: T) => boolean,
  timeoutMs: number,
): Promise<T>;
export async function eventually<T>(
  probe: () => T | Promise<T>,
  accepts: (value: T) => boolean,
  timeoutMs: number,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (accepts(value)) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${timeoutMs} ms; last seen: ${JSON.stringify(value, null, 1)}`);
    }
    await delay(20);
  }
}
