import type { CountedOutcomes } from './counted-outcomes';
import { HttpClient } from './http-client';

/** Clients that send one request after the other, from a few addresses. */
const WORKERS = 16;
const ADDRESSES = 4;

/** The service that they work for: its metrics are read, and what they send waits instead of being refused. */
export const COUNTED_SERVICE = {
  BUILD: 'cloud',
  METRICS_PORT: '0',
  MAX_CONCURRENCY: '3',
  QUEUE_TIMEOUT: '60',
  LOG_LEVEL: 'error',
} as const;

/** One request of a mix. */
export type Work = (client: HttpClient, counted: CountedOutcomes) => Promise<void>;

export const times = <T>(count: number, one: T): readonly T[] => Array<T>(count).fill(one);

/** Returns clients with different addresses, to be closed. */
export function clientsOf(baseUrl: string): readonly HttpClient[] {
  return Array.from(
    { length: ADDRESSES },
    (_, index) => new HttpClient(baseUrl, undefined, `127.0.0.${index + 1}`),
  );
}

/** Has all clients work, until nothing is left; `onDone` hears how many are done. */
export async function workOff(
  clients: readonly HttpClient[],
  works: readonly Work[],
  counted: CountedOutcomes,
  onDone: (done: number) => void = () => undefined,
): Promise<void> {
  let next = 0;
  let done = 0;
  const worker = async (client: HttpClient): Promise<void> => {
    for (let work = works[next++]; work; work = works[next++]) {
      await work(client, counted);
      onDone(++done);
    }
  };
  const workers = Array.from({ length: WORKERS }, (_, index) => clients[index % clients.length]);
  await Promise.all(workers.map((client) => (client ? worker(client) : Promise.resolve())));
}
