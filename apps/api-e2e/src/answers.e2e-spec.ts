import { setTimeout as delay } from 'node:timers/promises';
import type { ApiServer } from './harness/api-server';
import type { ExecuteAnswer, HttpClient } from './harness/http-client';
import { describeJailMode } from './harness/jail-modes';
import { chooseSeed, sampled, seededRandom } from './harness/sampling';

/** More than there are places, so that most requests wait in the queue beside others. */
const CLIENTS = 24;
const PLACES = 4;

/** A script with the caller's marker in it, and what must hold of its answer beside that. */
interface Kind {
  readonly name: string;
  /** How many of a hundred. */
  readonly share: number;
  readonly script: (marker: string, size: number) => string;
  /** `null` for a client that goes away: there is no answer. */
  readonly holds: ((answer: ExecuteAnswer, marker: string, size: number) => boolean) | null;
}

const failed =
  (code: string): NonNullable<Kind['holds']> =>
  ({ status, body }) =>
    status !== 200 && body.code === code;

const HELLO: Kind = {
  name: 'hello',
  share: 30,
  script: (marker) => `def main():\n    return "${marker}"`,
  holds: ({ status, body }, marker) => status === 200 && body.result === marker && body.stdout === '',
};

const KINDS: readonly Kind[] = [
  HELLO,
  {
    name: 'prints',
    share: 16,
    script: (marker, size) =>
      `def main():\n    for _ in range(${size}): print("${marker}")\n    print("${marker}", end="")`,
    holds: ({ status, body }, marker, size) =>
      status === 200 && body.result === null && body.stdout === `${marker}\n`.repeat(size) + marker,
  },
  {
    name: 'a result of many kilobytes',
    share: 12,
    script: (marker, size) => `def main():\n    return ["${marker}"] * ${size * 10}`,
    holds: ({ status, body }, marker, size) =>
      status === 200 &&
      Array.isArray(body.result) &&
      body.result.length === size * 10 &&
      body.result[0] === marker,
  },
  {
    name: 'pandas',
    share: 14,
    script: (marker) =>
      `import pandas as pd\ndef main():\n    frame = pd.DataFrame({"who": ["${marker}"] * 3, "n": [1, 2, 3]})\n    print(frame.to_csv(index=False), end="")\n    return frame.groupby("who")["n"].sum()`,
    holds: ({ status, body }, marker) =>
      status === 200 &&
      JSON.stringify(body.result) === JSON.stringify({ [marker]: 6 }) &&
      body.stdout.split(marker).length === 4,
  },
  {
    name: 'an exception',
    share: 10,
    script: (marker) => `def main():\n    print("${marker}")\n    raise ValueError("${marker}")`,
    holds: (answer, marker) =>
      failed('SCRIPT_ERROR')(answer, marker, 0) &&
      answer.body.error.includes(marker) &&
      answer.body.stdout === `${marker}\n`,
  },
  {
    name: 'a result that is no JSON',
    share: 3,
    script: (marker) => `def main():\n    print("${marker}")\n    return object()`,
    holds: (answer, marker) => answer.status === 422 && answer.body.stdout === `${marker}\n`,
  },
  {
    name: 'a crash',
    share: 3,
    script: (marker) =>
      `import ctypes\ndef main():\n    print("${marker}", flush=True)\n    ctypes.string_at(0)`,
    holds: (answer, marker, size) =>
      failed('SCRIPT_CRASHED')(answer, marker, size) && answer.body.stdout === `${marker}\n`,
  },
  {
    name: 'refused by the policy',
    share: 4,
    script: (marker, size) => `${`# ${marker}\n`.repeat(size)}import os\ndef main(): return 1`,
    holds: (answer, marker, size) =>
      failed('POLICY_VIOLATION')(answer, marker, size) && answer.body.line === size + 1,
  },
  {
    name: 'a syntax error',
    share: 4,
    script: (marker, size) => `${`# ${marker}\n`.repeat(size)}def main(:`,
    holds: (answer, marker, size) =>
      failed('SYNTAX_ERROR')(answer, marker, size) && answer.body.line === size + 1,
  },
  {
    name: 'a client that goes away',
    share: 4,
    script: (marker) =>
      `import time\nprint("${marker}")\ndef main():\n    time.sleep(0.05)\n    return "${marker}"`,
    holds: null,
  },
];

/** Every marker in a text, whoever's it is. */
const MARKERS = /m\d+x[0-9a-z]+z/g;
const LARGEST_SIZE = 60;

interface Order {
  readonly kind: Kind;
  readonly marker: string;
  readonly size: number;
}

/** So many orders, by the shares of the kinds, in an order without a pattern. */
function ordersOf(count: number, seed: number): readonly Order[] {
  const random = seededRandom(seed);
  const hundred = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
  return Array.from({ length: count }, (_, n) => ({
    kind: hundred[Math.floor(random() * hundred.length)] ?? HELLO,
    marker: `m${n}x${Math.floor(random() * 2 ** 40).toString(36)}z`,
    size: 1 + Math.floor(random() * LARGEST_SIZE),
  }));
}

/** What is wrong with the answer to an order, null where it is the caller's own and whole. */
async function faultOf(
  client: HttpClient,
  { kind, marker, size }: Order,
  leaveMs: number,
): Promise<string | null> {
  const script = kind.script(marker, size);
  if (kind.holds === null) {
    const leaving = new AbortController();
    const answer = client.execute(script, leaving.signal).then(
      ({ text }) => text,
      () => null,
    );
    await delay(leaveMs);
    leaving.abort();
    const text = await answer;
    return text === null || isOwn(text, marker) ? null : text.slice(0, 300);
  }
  const answer = await client.execute(script);
  const isRight = kind.holds(answer, marker, size) && isOwn(answer.text, marker);
  return isRight ? null : `${answer.status} ${answer.text.slice(0, 300)}`;
}

function isOwn(text: string, marker: string): boolean {
  return (text.match(MARKERS) ?? []).every((found) => found === marker);
}

/** How many answers, by the way to isolate: 20,000 in all. */
const COUNTS = {
  warm: 16_000,
  'warm, as an ordinary user without capabilities': 3_500,
  JAIL_PER_RUN: 500,
} as const;
const SHARE = 0.025;

for (const [way, whole] of Object.entries(COUNTS) as [keyof typeof COUNTS, number][]) {
  describeJailMode(
    way,
    (mode) => {
      let server: ApiServer;

      beforeAll(async () => {
        server = await mode.start({
          // One caller has all but one.
          MAX_CONCURRENCY: String(PLACES + 1),
          MAX_QUEUE: String(2 * CLIENTS),
          QUEUE_TIMEOUT: '60',
          LOG_LEVEL: 'error',
        });
      });

      afterAll(() => mode.stop(server));

      it(
        'comes to its own caller, whole, and to nobody else',
        async () => {
          const orders = sampled(ordersOf(whole, chooseSeed()), SHARE, `answers ${way}`);
          const faults: string[] = [];
          let next = 0;
          const client = async (): Promise<void> => {
            for (let order = orders[next++]; order; order = orders[next++]) {
              const fault = await faultOf(server.client, order, order.size);
              if (fault !== null) {
                faults.push(`${order.kind.name} of ${order.marker}: ${fault}`);
              }
            }
          };
          await Promise.all(Array.from({ length: CLIENTS }, client));
          expect(faults.slice(0, 10)).toEqual([]);
          expect(orders.length).toBeGreaterThan(10);
        },
        20 * 60_000,
      );
    },
    'An answer among many at once',
  );
}
