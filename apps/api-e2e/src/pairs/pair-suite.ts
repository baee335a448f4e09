import { setTimeout as delay } from 'node:timers/promises';
import { HOSTILE_SETTINGS } from '../containment/containment';
import type { ApiServer } from '../harness/api-server';
import type { HttpClient } from '../harness/http-client';
import type { JailMode } from '../harness/jail-modes';
import { chooseSeed, sampled, seededRandom } from '../harness/sampling';
import { countBirths, measureContention } from './measures';
import { NAMED_THINGS } from './named-things';
import { type Order, ORDERS, type Pair, type PairKind } from './pair-kind';
import { REMAINS } from './remains';
import { SHARED_THINGS } from './shared-things';

export const PAIR_KINDS: readonly PairKind[] = [...NAMED_THINGS, ...SHARED_THINGS, ...REMAINS];

/** Pairs of each kind in each order: thousands in all modes together, or a few of each. */
const ROUNDS = process.env['PYCELL_PROOF'] === 'sample' ? 2 : 60;
/** The share of the kinds where a sample is asked for, in the way that is the default: other ways have their share of it. */
const KINDS_IN_SAMPLE = 0.4;
/** Pairs at the same time. */
const WIDTH = 4;
/** One caller has all places but one. */
const CONCURRENCY = 2 * WIDTH + 1;
/** No pair is about the time: some import numpy, and all at once. */
const SCRIPT_TIMEOUT = '20';
/** Until a victim has what it hides. */
const HEAD_START_MS = 30;
const SUITE_MS = 600_000;
const BIRTHS = 200;

/** Defines that no run learns of another or disturbs it, in one of the ways to isolate. */
export function describePairs(mode: JailMode): void {
  let server: ApiServer;
  const random = seededRandom(chooseSeed());

  beforeAll(async () => {
    server = await mode.start({ ...HOSTILE_SETTINGS, SCRIPT_TIMEOUT, MAX_CONCURRENCY: String(CONCURRENCY) });
  });

  afterAll(() => mode.stop(server));

  describe.each(ORDERS)('%s', (order) => {
    const possible = PAIR_KINDS.filter((kind) => (kind.order ?? order) === order);
    const salt = `pairs ${mode.isWarm} ${mode.hasOwnIds} ${mode.sharesUserNamespace} ${order}`;
    const kinds = sampled(possible, mode.share * KINDS_IN_SAMPLE, salt);
    it.each(kinds.map((kind) => [kind.name, kind] as const))(
      '%s',
      async (_name, kind) => {
        const learned = await findLearned(server.client, kind, { order, rounds: ROUNDS, random });
        expect(learned.slice(0, 5)).toEqual([]);
      },
      SUITE_MS,
    );
  });

  // What cannot be closed is measured, for docs/threat-model.md.
  if (process.env['PYCELL_PROOF'] === 'whole') {
    it(
      'has in common with others what a zygote gives to its forks, and the processors',
      async () => {
        const [layouts, seeds, canaries] = await countBirths(server, BIRTHS);
        const channels = [];
        for (const slotMs of [10, 20, 50]) {
          channels.push(await measureContention(server, slotMs, random));
        }
        console.log(
          `Of ${BIRTHS} runs: ${layouts} address layouts, ${seeds} hash seeds, ${canaries} canaries. ` +
            `Contention: ${JSON.stringify(channels)}`,
        );
      },
      SUITE_MS,
    );
  }
}

/**
 * Runs so many pairs of a kind, and returns what the runs learned or felt of each other.
 * @throws Error when a run fails: then nothing was tried
 */
export async function findLearned(
  client: HttpClient,
  kind: PairKind,
  how: { readonly order: Order; readonly rounds: number; readonly random: () => number },
): Promise<unknown[]> {
  const { order, rounds, random } = how;
  const answers: unknown[] = [];
  for (let done = 0; done < rounds; done += WIDTH) {
    const pairs = Array.from({ length: Math.min(WIDTH, rounds - done) }, () => kind.pair(random));
    answers.push(...(await Promise.all(pairs.map((pair) => answersOf(client, pair, order)))).flat());
  }
  return kind.findLearned
    ? kind.findLearned(answers)
    : answers.filter((answer) => JSON.stringify(answer) !== '[]');
}

/** What both of a pair return. @throws Error when one of them ends in another way: then nothing was tried */
async function answersOf(client: HttpClient, pair: Pair, order: Order): Promise<unknown[]> {
  const execute = async (script: string): Promise<unknown> => {
    const { status, body } = await client.execute(script);
    if (status !== 200) {
      throw new Error(`${body.code}: ${body.error}\n${script}`);
    }
    return body.result;
  };
  if (order === 'one after the other') {
    return [await execute(pair.victim), await execute(pair.attacker)];
  }
  const attack = async (): Promise<unknown> => {
    await delay(HEAD_START_MS);
    return execute(pair.attacker);
  };
  return Promise.all([execute(pair.victim), attack()]);
}
