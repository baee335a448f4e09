/** Sends the mixed runs and checks every answer. */
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Connection, executeRequest } from '../bench/connection.mjs';
import { shuffled } from '../prove/seed.cjs';
import { note } from '../set-up/progress.mjs';
import { CASES, faultIn } from '../../apps/api-e2e/src/soak/cases.mjs';

export const CLIENTS = 8;
const MAX_FAULTS_SHOWN = 20;

/**
 * Sends `runs` runs from 8 clients.
 * @param random returns numbers from 0 to 1: the same ones make the same mix
 * @returns {Promise<{ counts: Map<string, number>, faults: string[], perSecond: number }>} how many of each case, each
 *   wrong answer, and answers a second
 */
export async function sendRuns(port, runs, random) {
  const mix = mixOf(runs, random);
  const counts = new Map(CASES.map(({ name }) => [name, 0]));
  const faults = [];
  let next = 0;
  const since = performance.now();
  const client = async () => {
    const connection = new Connection(port);
    while (next < mix.length) {
      const number = next++;
      const { name, ...rest } = mix[number];
      const fault = await sendOne(port, connection, rest, number);
      counts.set(name, counts.get(name) + 1);
      if (fault !== null) {
        faults.push(`${name}: ${fault}`);
        if (faults.length <= MAX_FAULTS_SHOWN) {
          note(`WRONG ${faults.at(-1)}`);
        }
      }
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const perSecond = runs / ((performance.now() - since) / 1000);
  return { counts, faults, perSecond };
}

async function sendOne(port, connection, { script, expected, goesAfterMs, sendsHalf }, number) {
  const request = executeRequest(script(number));
  if (goesAfterMs !== undefined) {
    return sendAndLeave(port, sendsHalf ? request.subarray(0, request.length - 10) : request, goesAfterMs);
  }
  try {
    return faultIn(await connection.exchange(request), expected(number));
  } catch (error) {
    // The connection was lost, or the answer is no JSON.
    return error.message;
  }
}

/** A client that goes away before it has its answer. Returns what is wrong, null when nothing. */
async function sendAndLeave(port, request, afterMs) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let fault = null;
  socket.on('error', (error) => (fault = error.message));
  socket.on('data', (data) => (fault = `an answer before its time: ${data.toString().slice(0, 100)}`));
  socket.write(request);
  await delay(afterMs);
  socket.destroy();
  return fault;
}

/** Returns the cases of all runs, by their shares, in an order that has no pattern. */
function mixOf(runs, random) {
  const total = CASES.reduce((sum, { share }) => sum + share, 0);
  const mix = CASES.flatMap((one) => {
    const exact = (runs * one.share) / total;
    // Each case at least once, also in a short soak.
    return Array.from({ length: Math.max(1, Math.floor(exact)) }, () => one);
  });
  while (mix.length < runs) {
    mix.push(CASES[0]);
  }
  return shuffled(mix, random);
}
