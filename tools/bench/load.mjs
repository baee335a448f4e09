/** Loads the API with a fixed number of clients, each sending its next request when it has its answer. */
import { Agent, request } from 'node:http';

/** Sends one script and returns { status, milliseconds }. */
function execute(url, body, agent) {
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const outgoing = request(
      new URL('/execute', url),
      {
        method: 'POST',
        agent,
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () =>
          resolve({ status: response.statusCode, milliseconds: performance.now() - since }),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/**
 * Runs `clients` clients for `seconds`, after one request that is not counted.
 * @returns {{ times: number[], perSecond: number, refused: number }} times of answers with status 200, milliseconds
 */
export async function load(url, script, { clients, seconds }) {
  const body = JSON.stringify({ script });
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const first = await execute(url, body, agent);
  if (first.status !== 200) {
    throw new Error(`The script of the benchmark was answered with ${first.status}`);
  }
  const times = [];
  let refused = 0;
  const since = performance.now();
  const end = since + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const { status, milliseconds } = await execute(url, body, agent);
      if (status === 200) {
        times.push(milliseconds);
      } else {
        refused++;
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const elapsed = (performance.now() - since) / 1000;
  agent.destroy();
  return { times, perSecond: times.length / elapsed, refused };
}
