/** Loads the API with a fixed number of clients, each sending its next request when it has its answer. */
import { setTimeout as delay } from 'node:timers/promises';
import { Connection, executeOnce } from './connection.mjs';
import { requestsOf, WORKS } from './works.mjs';

/** Before a client retries after an error: a server that has ended must not be called in a tight loop. */
const PAUSE_AFTER_ERROR_MS = 100;

/**
 * Runs `clients` clients for `seconds`, or until there were `requests`, after one request that is not counted. Each request has a script of its own.
 *
 * @param work name of the script
 * @param thinkMs how long a client waits between an answer and its next request
 * @param headers more lines of each request's head
 * @param steadyAfterSeconds when given, answers count from then until the end only, so that neither the rush at the
 *   start nor the last answers, when fewer and fewer clients ask, are in the figures
 * @returns {{ times: number[], perSecond: number, answered: number, refused: number, errors: number }} `times`:
 *   milliseconds of the answers with status 200; `answered`: how many runs there were, those included that do not count;
 *   `refused`: 503, after which a client waits as long as Retry-After says; `errors`: any other status, and lost
 *   connections
 */
export async function load(
  port,
  work,
  { clients, seconds = Infinity, requests = Infinity, thinkMs = 0, steadyAfterSeconds, headers },
) {
  const nextRequest = requestsOf(work, headers);
  await executeOnce(port, WORKS[work], headers);
  const isSteady = steadyAfterSeconds !== undefined;
  const since = performance.now();
  const end = since + seconds * 1000;
  const countFrom = isSteady ? since + steadyAfterSeconds * 1000 : since;
  const countTo = isSteady ? end : Infinity;
  const times = [];
  let sent = 0;
  let answered = 1;
  let refused = 0;
  let errors = 0;

  const client = async () => {
    const connection = new Connection(port);
    while (performance.now() < end && sent++ < requests) {
      const sentAt = performance.now();
      const { status, retryAfterSeconds } = await connection
        .exchange(nextRequest())
        .catch(() => ({ status: 0 }));
      const now = performance.now();
      const counts = now >= countFrom && now <= countTo;
      if (status === 200) {
        answered++;
        if (counts) {
          times.push(now - sentAt);
        }
        if (thinkMs > 0) {
          await delay(thinkMs);
        }
      } else if (status === 503) {
        refused += counts ? 1 : 0;
        await delay(Math.min(retryAfterSeconds * 1000, Math.max(0, end - now)));
      } else {
        errors++;
        await delay(PAUSE_AFTER_ERROR_MS);
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: clients }, client));
  const counted = (isSteady ? end : performance.now()) - countFrom;
  return { times, perSecond: times.length / (counted / 1000), answered, refused, errors };
}
