/**
 * Asks one address and prints the answer as JSON; started within a container's network by `container.mjs`.
 *
 *   node ask.mjs '{ "url": ..., "method": ..., "headers": ..., "body": ..., "until": 200, "withinMs": 10000 }'
 *
 * With `until` it asks again and again until the status is that one; `at` is when the answer came, by the clock.
 */
const { url, until, withinMs = 5_000, ...init } = JSON.parse(process.argv[2]);
const AGAIN_AFTER_MS = 10;
const ONE_ANSWER_WITHIN_MS = 30_000;

async function ask() {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(ONE_ANSWER_WITHIN_MS) });
    const body = await answer.text();
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body, at: Date.now() };
  } catch (error) {
    // Nobody listens yet, or no longer: an answer of its own kind.
    return { status: 0, headers: {}, body: String(error.cause ?? error), at: Date.now() };
  }
}

const deadline = Date.now() + withinMs;
let answer = await ask();
while (until !== undefined && answer.status !== until && Date.now() < deadline) {
  await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  answer = await ask();
}
process.stdout.write(JSON.stringify(answer));
