/** What the figures must be, and whether they are. Ratios are of medians from the same run, so any machine can tell. */
import { keyOf, THINK_MS } from './cells.mjs';
import { summaryOf } from './statistics.mjs';

const MB = 1e6;
/** QUEUE_TIMEOUT by default, milliseconds: who waited longer was refused. */
const QUEUE_TIMEOUT_MS = 10_000;

const NOT_MEASURED = { measured: 'not measured here', reached: '-' };
const yesNo = (reached) => (reached ? 'yes' : '**no**');

/** Returns { figure, target, measured, reached } of each. */
export function judge({ floors, results, memory, starts }) {
  const cell = (server, work, clients, thinkMs = 0) => {
    const rounds = results.get(keyOf({ server, work, clients, thinkMs }));
    return rounds && summaryOf(rounds);
  };
  const floor = (work) => summaryOf(floors.get(work));
  const works = ['hello', 'pandas'];
  return [
    ...works.flatMap((work) => [
      shareOfCold(`${work}, 1 client: p50 to the cold path's`, work === 'hello' ? 10 : 30, [
        cell('cloud', work, 1),
        cell('cloudCold', work, 1),
      ]),
      timesFloor(`${work}, 1 client: p50 to the floor's`, 2, [cell('cloud', work, 1), floor(work)]),
    ]),
    ...works.map((work) =>
      shareOfCold(
        `${work}, 1 client that thinks ${THINK_MS} ms: p50 to the cold path's`,
        work === 'pandas' ? 40 : null,
        [cell('cloud', work, 1, THINK_MS), cell('cloudCold', work, 1, THINK_MS)],
      ),
    ),
    ...works.map((work) =>
      shareOfLocal(`${work}, 8 clients: 200s a second to local's`, [
        cell('cloud', work, 8),
        cell('local', work, 8),
        cell('cloudCold', work, 8),
      ]),
    ),
    ...[64, 256].flatMap((clients) =>
      crowd(clients, cell('crowd', 'hello', clients), cell('crowd', 'hello', 8)),
    ),
    ...memoryTargets(memory),
    below('from spawning the API until it is ready', '2 s', starts.readyMs / 1000, 2, 's', 2),
  ];
}

function shareOfCold(figure, least, [warm, cold]) {
  const target = least === null ? 'none' : `at most 1/${least}`;
  if (!warm || !cold) {
    return { figure, target, ...NOT_MEASURED };
  }
  const ratio = cold.p50 / warm.p50;
  const reached = least === null ? '-' : yesNo(ratio >= least);
  return { figure, target, measured: `1/${ratio.toFixed(1)}`, reached };
}

function timesFloor(figure, most, [warm, floor]) {
  const target = `at most ${most} times`;
  if (!warm) {
    return { figure, target, ...NOT_MEASURED };
  }
  const ratio = warm.p50 / floor.p50;
  return { figure, target, measured: `${ratio.toFixed(2)} times`, reached: yesNo(ratio <= most) };
}

function shareOfLocal(figure, [cloud, local, cold]) {
  const target = 'at least 75 %';
  if (!cloud || !cold) {
    return { figure, target, ...NOT_MEASURED };
  }
  const share = cloud.perSecond / local.perSecond;
  const multiple = (cloud.perSecond / cold.perSecond).toFixed(1);
  const measured = `${percent(share)}, ${multiple} times the cold path's`;
  return { figure, target, measured, reached: yesNo(share >= 0.75) };
}

function crowd(clients, many, few) {
  const name = `hello, ${clients} clients`;
  const { perSecond, errors, refused, p99 } = many;
  const share = few && perSecond / few.perSecond;
  return [
    {
      figure: `${name}: 200s a second to those with 8`,
      target: 'at least 100 %',
      ...(few ? { measured: percent(share), reached: yesNo(share >= 1) } : NOT_MEASURED),
    },
    {
      figure: `${name}: errors (503 with Retry-After is none)`,
      target: '0',
      measured: `${errors}, and ${refused} times 503`,
      reached: yesNo(errors === 0),
    },
    below(`${name}: p99 of the 200s`, 'QUEUE_TIMEOUT, 10 s', p99 / 1000, QUEUE_TIMEOUT_MS / 1000, 's', 2),
  ];
}

function memoryTargets(memory) {
  const figures = [
    'memory with pandas ready, idle',
    'memory of each further run at once, the worst of 1 to 4',
  ];
  if (!memory) {
    return figures.map((figure) => ({ figure, target: '', ...NOT_MEASURED }));
  }
  return [
    below(figures[0], '250 MB', memory.idleBytes / MB, 250, 'MB', 1),
    below(figures[1], '12 MB', Math.max(...memory.perRunBytes) / MB, 12, 'MB', 1),
  ];
}

function below(figure, limit, value, most, unit, digits) {
  return {
    figure,
    target: `below ${limit}`,
    measured: `${value.toFixed(digits)} ${unit}`,
    reached: yesNo(value < most),
  };
}

function percent(share) {
  return `${(share * 100).toFixed(1)} %`;
}
