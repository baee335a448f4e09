/** How a service bears more than it can: load that is offered without regard to its answers, up to ten times too much. */
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../prove/seed.cjs';
import { load } from './load.mjs';
import { figure, percent, printTable } from './markdown.mjs';
import { offer } from './open-loop.mjs';
import { median, percentile } from './statistics.mjs';

const WORK = 'hello';
/** What a service can bear is what this many clients get that wait for their answers. */
const CAPACITY_CLIENTS = 8;
/** Offered, in multiples of that. */
const MULTIPLES = [0.5, 1, 2, 5, 10];
/** The service estimates Retry-After by the last 2 s: what was offered before must not be in it. */
const FORGET_MS = 2_500;

/** Returns the curve of one server: for each multiple what `offer` returned, with `multiple` and `offeredPerSecond`. */
export async function measureOverload({ port }, { round, seconds }) {
  const { perSecond: capacity } = await load(port, WORK, { clients: CAPACITY_CLIENTS, seconds });
  const points = [];
  for (const multiple of MULTIPLES) {
    await delay(FORGET_MS);
    const offeredPerSecond = multiple * capacity;
    // The same for all that are compared, and another one in each round.
    const random = seededRandom(round * MULTIPLES.length + points.length);
    const result = await offer(port, WORK, { perSecond: offeredPerSecond, seconds, random });
    points.push({ multiple, offeredPerSecond, ...result });
  }
  return points;
}

const sumOf = (points, name) => points.reduce((sum, point) => sum + point[name], 0);

/** Of those that were refused and came back as told, the share that got in. */
function keptShare(points) {
  return sumOf(points, 'cameBackAndGotIn') / sumOf(points, 'cameBack');
}

/**
 * Sums up the curves of several rounds, for the targets: `atMost` is the share of the peak's 200s a second that is left
 * under the highest load, `keptShare` is of that load too, `withoutRetryAfter` of all.
 */
export function judgeCurves(curves) {
  const highest = curves.map((points) => points.at(-1));
  const shares = curves.map(
    (points) => points.at(-1).perSecond / Math.max(...points.map(({ perSecond }) => perSecond)),
  );
  return {
    ...{ atMost: median(shares), keptShare: keptShare(highest) },
    ...{
      refused: sumOf(curves.flat(), 'refused'),
      withoutRetryAfter: sumOf(curves.flat(), 'withoutRetryAfter'),
    },
  };
}

/** Times and rates are medians of the rounds, counts are sums. @param {[string, object[][]][]} curvesByName the curves of the rounds, by what was measured */
export function printOverload(curvesByName) {
  const rows = curvesByName.flatMap(([name, curves]) =>
    MULTIPLES.map((multiple, index) => {
      const points = curves.map((curve) => curve[index]);
      const middle = (figureOf) => figure(median(points.map(figureOf)));
      return [
        ...[name, `${multiple} times`],
        middle(({ offeredPerSecond }) => offeredPerSecond),
        middle(({ sent, seconds }) => sent / seconds),
        middle(({ perSecond }) => perSecond),
        middle(({ times }) => percentile(times, 0.5)),
        middle(({ times }) => percentile(times, 0.99)),
        ...['refused', 'withoutRetryAfter'].map((count) => sumOf(points, count)),
        middle(({ told }) => median(told)),
        sumOf(points, 'cameBack'),
        percent(keptShare(points)),
        ...['errors', 'unsent'].map((count) => sumOf(points, count)),
        middle(({ lateMs }) => lateMs),
        middle(({ generatorCpus }) => generatorCpus),
      ];
    }),
  );
  printTable(
    [
      ...['what', 'offered', 'offered a second', 'sent a second', '200s a second', 'p50 ms', 'p99 ms'],
      ...['503', 'without Retry-After', 'Retry-After s', 'came back', 'of them got in', 'errors'],
      ...['not sent', 'sent late, p99 ms', "generator's CPUs"],
    ],
    rows,
  );
}
