/**
 * Asks one address and prints the answer as JSON; started within a container's network by `container.mjs`.
 *
 *   node ask.mjs '{ "url": ..., "method": ..., "headers": ..., "body": ..., "until": 200, "withinMs": 10000 }'
 *
 * With `until` it asks again and again until the status is that one; `at` is when the answer came, by the clock.
 */
import { request } from 'node:http';

const { url, until, withinMs = 5_000, method = 'GET', headers = {}, body } = JSON.parse(process.argv[2]);
const AGAIN_AFTER_MS = 10;
const ONE_ANSWER_WITHIN_MS = 30_000;

/** Not by `fetch`, which lets nobody choose the header `Host`. */
function ask() {
  return new Promise((resolve) => {
    // Nobody listens yet, or no longer: an answer of its own kind.
    const fail = (error) => resolve({ status: 0, headers: {}, body: String(error), at: Date.now() });
    const signal = AbortSignal.timeout(ONE_ANSWER_WITHIN_MS);
    request(url, { method, headers, signal, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => (text += piece));
      answer.once('error', fail);
      answer.once('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: text, at: Date.now() }),
      );
    })
      .once('error', fail)
      .end(body);
  });
}

const deadline = Date.now() + withinMs;
let answer = await ask();
while (until !== undefined && answer.status !== until && Date.now() < deadline) {
  await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  answer = await ask();
}
process.stdout.write(JSON.stringify(answer));
