const { setTimeout: delay } = require('node:timers/promises');

const POLL_MS = 20;
/** It bounds how long a failing test takes. Who proves that something comes soon gives a bound of its own. */
const TIMEOUT_MS = 20_000;

/**
 * Asks again and again until `probe` returns a value that `accepts` takes, and returns that value; throws an Error with
 * the last value when that has not happened in time.
 * @template T
 * @template {T} Accepted
 * @overload
 * @param {() => T | Promise<T>} probe
 * @param {(value: T) => value is Accepted} accepts
 * @param {number} [timeoutMs]
 * @returns {Promise<Accepted>}
 */
/**
 * @template T
 * @overload
 * @param {() => T | Promise<T>} probe
 * @param {(value: T) => boolean} accepts
 * @param {number} [timeoutMs]
 * @returns {Promise<T>}
 */
/** @param {() => unknown} probe @param {(value: unknown) => boolean} accepts */
async function eventually(probe, accepts, timeoutMs = TIMEOUT_MS) {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (accepts(value)) {
      return value;
    }
    if (performance.now() > deadline) {
      throw new Error(`Not within ${timeoutMs} ms; last seen: ${JSON.stringify(value, null, 1)}`);
    }
    await delay(POLL_MS);
  }
}

module.exports = { eventually };
