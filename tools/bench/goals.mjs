/** What the engine must reach, whatever it is measured beside. */

/** The 99th percentile of hello to its median, at most, by the number of clients. */
export const MOST_P99_TO_P50 = [
  { clients: 1, most: 2.5 },
  { clients: 8, most: 2 },
];
/** Under ten times the load that it can bear: the least share of the peak's 200s a second. */
export const LEAST_UNDER_OVERLOAD = 0.95;
/** Of those who are refused then, and come back as Retry-After told them: the least share that gets in. */
export const LEAST_KEPT = 0.9;
/** One caller has so many requests in flight while another's hello is measured. */
export const FLOOD_REQUESTS = 200;
/** Hellos of one caller: the other's median to what it is alone, at most. */
export const MOST_TO_ALONE = 2;
/** Scripts of one caller that sleep: the other's median, below. Milliseconds. */
export const MOST_BESIDE_SLEEPERS_MS = 50;
/** What a place more of MAX_CONCURRENCY may take. */
export const MOST_PLACE_MB = 6;
/** The median of a plain figure to that of the floor: drawing it is all that there is to it. */
export const MOST_FIGURE_TO_FLOOR = 1.3;
/** From a print to the first byte of its event, one client. Milliseconds. */
export const MOST_FIRST_BYTE_MS = 5;
/** A batch of hellos to as many clients as `CLIENTS` of streams.mjs: its rate, and its CPU time a run. */
export const LEAST_BATCH_RATE = 1.2;
export const MOST_BATCH_CPU = 0.85;
/** What a stream that nobody reads, or in which nothing happens, may take of the service's memory; and another's median beside it. */
export const MOST_READER_KIB = 64;
export const MOST_BESIDE_READERS = 1.1;
/** Keys, rates, metrics and traces together: the CPU time of a run to what it is without them, at most. */
export const MOST_OPERATIONS_CPU = 1.05;
/** POST /execute while Redis is gone, to the same on a service that has none. */
export const MOST_WITHOUT_REDIS_P50 = 1.1;
export const MOST_WITHOUT_REDIS_CPU = 1.05;
