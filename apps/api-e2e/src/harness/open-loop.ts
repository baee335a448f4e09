import { setTimeout as delay } from 'node:timers/promises';

/** What was wrong with an answer; null where nothing was. */
export type Told = string | null;

/**
 * Sends `count` requests, and more while `goesOn`, `rate` a second, whatever becomes of those before: a service that is slow
 * does not slow them down.
 * @returns what was wrong, one text for each request that failed
 */
export async function openLoop(
  count: number,
  rate: number,
  send: (index: number) => Promise<Told>,
  goesOn: () => boolean = () => false,
): Promise<readonly string[]> {
  const since = performance.now();
  const all: Promise<Told>[] = [];
  for (let index = 0; index < count || goesOn(); index += 1) {
    const due = since + (index * 1_000) / rate;
    const early = due - performance.now();
    if (early > 1) {
      await delay(early);
    }
    const at = `${index}, ${((performance.now() - since) / 1_000).toFixed(1)} s`;
    all.push(
      send(index)
        .catch((error: unknown) => String(error))
        .then((told) => (told === null ? null : `${at}: ${told}`)),
    );
  }
  return (await Promise.all(all)).filter((told) => told !== null);
}
