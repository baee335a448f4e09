/** What the figures must be, and whether they are. Ratios are of medians from the same run, so any machine can tell. */
import { keyOf, THINK_MS } from './cells.mjs';
import {
  LEAST_KEPT,
  LEAST_UNDER_OVERLOAD,
  MOST_FIGURE_TO_FLOOR,
  MOST_P99_TO_P50,
  MOST_PLACE_MB,
} from './goals.mjs';
import { percent } from './markdown.mjs';
import { judgeCurves } from './overload.mjs';
import { summaryOf } from './statistics.mjs';

const MB = 1e6;
const WORKS = ['hello', 'pandas'];
/** At most this share of the cold path's p50: with a client that does not think, and with one that does. */
const LEAST_GAIN = { hello: [10, null], pandas: [30, 40] };
const MEMORY_FIGURES = [
  'memory with pandas ready, idle',
  'memory of each place more of MAX_CONCURRENCY, idle',
  'memory of each further run at once, the worst of 1 to 4',
];

/** One row; `inputs` that were not measured on this host make it one without a figure. `isReached` null: no target. */
function row(figure, target, inputs, judgement) {
  if (!inputs.every(Boolean)) {
    return { figure, target, measured: 'not measured here', reached: '-' };
  }
  const [measured, isReached] = judgement(...inputs);
  return { figure, target, measured, reached: isReached === null ? '-' : isReached ? 'yes' : '**no**' };
}

const below = (figure, limit, most, unit, digits, inputs, valueOf) =>
  row(figure, `below ${limit}`, inputs, (...values) => {
    const value = valueOf(...values);
    return [`${value.toFixed(digits)} ${unit}`, value < most];
  });

const toCold = (figure, least, inputs) =>
  row(figure, least === null ? 'none' : `at most 1/${least}`, inputs, (warm, cold) => {
    const gain = cold.p50 / warm.p50;
    return [`1/${gain.toFixed(1)}`, least === null ? null : gain >= least];
  });

const toFloor = (figure, most, inputs) =>
  row(figure, `at most ${most} times`, inputs, (warm, floor) => {
    const ratio = warm.p50 / floor.p50;
    return [`${ratio.toFixed(2)} times`, ratio <= most];
  });

const toLocal = (figure, inputs) =>
  row(figure, 'at least 75 %', inputs, (cloud, local, cold) => {
    const share = cloud.perSecond / local.perSecond;
    const multiple = (cloud.perSecond / cold.perSecond).toFixed(1);
    return [`${percent(share)}, ${multiple} times the cold path's`, share >= 0.75];
  });

function crowd(clients, many, few) {
  const name = `hello, ${clients} clients`;
  return [
    row(`${name}: 200s a second to those with 8`, 'at least 100 %', [many, few], () => {
      const share = many.perSecond / few.perSecond;
      return [percent(share), share >= 1];
    }),
    row(`${name}: errors (503 with Retry-After is none)`, '0', [many], ({ errors, refused }) => [
      `${errors}, and ${refused} times 503`,
      errors === 0,
    ]),
    // Requests that waited longer than QUEUE_TIMEOUT were refused.
    below(`${name}: p99 of the 200s`, 'QUEUE_TIMEOUT, 10 s', 10, 's', 2, [many], ({ p99 }) => p99 / 1000),
  ];
}

const tailRow = (name, most, inputs) =>
  row(`${name}: p99 to p50`, `at most ${most}`, inputs, ({ tail }) => [tail.toFixed(2), tail <= most]);

function overloadRows(curves) {
  const judged = curves.length > 0 && judgeCurves(curves);
  const atLeast = (figure, least, name) =>
    row(figure, `at least ${least * 100} %`, [judged], (one) => [percent(one[name]), one[name] >= least]);
  return [
    atLeast('10 times the load it can bear: 200s a second to the peak', LEAST_UNDER_OVERLOAD, 'atMost'),
    row('refusals without Retry-After', '0', [judged], ({ refused, withoutRetryAfter }) => [
      `${withoutRetryAfter} of ${refused}`,
      withoutRetryAfter === 0,
    ]),
    atLeast('10 times the load: of those who came back as told, got in', LEAST_KEPT, 'keptShare'),
  ];
}

/** Returns { figure, target, measured, reached } of each. */
export function judge({ floors, results, overload, memory, starts }) {
  const cell = (server, work, clients, thinkMs = 0) => {
    const rounds = results.get(keyOf({ server, work, clients, thinkMs }));
    return rounds && summaryOf(rounds);
  };
  const cells = (work, clients, servers, thinkMs) =>
    servers.map((server) => cell(server, work, clients, thinkMs));
  const [idle, place, further] = MEMORY_FIGURES;
  return [
    ...WORKS.flatMap((work) => [
      toCold(`${work}, 1 client: p50 to the cold path's`, LEAST_GAIN[work][0], [
        ...cells(work, 1, ['cloud', 'cloudCold']),
      ]),
      toFloor(`${work}, 1 client: p50 to the floor's`, 2, [
        cell('cloud', work, 1),
        summaryOf(floors.get(work)),
      ]),
    ]),
    toFloor("figure, 1 client: p50 to the floor's", MOST_FIGURE_TO_FLOOR, [
      cell('cloud', 'figure', 1),
      summaryOf(floors.get('figure')),
    ]),
    ...WORKS.map((work) =>
      toCold(`${work}, 1 client that thinks ${THINK_MS} ms: p50 to the cold path's`, LEAST_GAIN[work][1], [
        ...cells(work, 1, ['cloud', 'cloudCold'], THINK_MS),
      ]),
    ),
    ...WORKS.map((work) =>
      toLocal(`${work}, 8 clients: 200s a second to local's`, [
        ...cells(work, 8, ['cloud', 'local', 'cloudCold']),
      ]),
    ),
    ...[64, 256].flatMap((clients) =>
      crowd(clients, cell('crowd', 'hello', clients), cell('crowd', 'hello', 8)),
    ),
    ...MOST_P99_TO_P50.map(({ clients, most }) =>
      tailRow(`hello, ${clients === 1 ? '1 client' : `${clients} clients`}`, most, [
        cell('cloud', 'hello', clients),
      ]),
    ),
    ...overloadRows(overload),
    below(idle, '250 MB', 250, 'MB', 1, [memory], ({ idleBytes }) => idleBytes / MB),
    row(
      place,
      `at most ${MOST_PLACE_MB} MB`,
      [memory && Number.isFinite(memory.perPlaceBytes) && memory],
      ({ perPlaceBytes }) => [`${(perPlaceBytes / MB).toFixed(1)} MB`, perPlaceBytes <= MOST_PLACE_MB * MB],
    ),
    below(further, '12 MB', 12, 'MB', 1, [memory], ({ perRunBytes }) => Math.max(...perRunBytes) / MB),
    below('from spawning the API until it is ready', '2 s', 2, 's', 2, [starts], (s) => s.readyMs / 1000),
  ];
}
