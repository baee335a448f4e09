/** What the figures must become, most of them as a ratio to the commit that is the base line. */
import { LEAST_KEPT, LEAST_UNDER_OVERLOAD, MOST_P99_TO_P50, MOST_PLACE_MB } from './goals.mjs';
import { figure, percent, printTable, spread } from './markdown.mjs';
import { cellOf, FIGURES } from './load-comparison.mjs';
import { judgeCurves } from './overload.mjs';
import { median } from './statistics.mjs';

const MB = 1e6;
/** Figure of the load, how many clients, and what the ratio must be, by work. */
const RATIOS = [
  { name: 'p50 ms', clients: 1, atMost: { hello: 0.55, pandas: 0.5 } },
  { name: '200s a second', clients: 8, atLeast: { hello: 2, pandas: 2 } },
  { name: 'CPU ms a run', clients: 8, atMost: { hello: 0.45, pandas: 0.45 } },
];
const MOST_IDLE_MB = 200;
const MOST_READY_SECONDS = 1.2;

const answer = (isReached) => (isReached ? 'yes' : '**no**');

/** A row of a figure that has a target of its own, whatever the base line has. */
function absolute(name, target, values, show, isReached) {
  return [name, ...values.map(show), '', target, answer(isReached(values[1]))];
}

function ratioRows(cells, [base, other]) {
  return RATIOS.flatMap(({ name, clients, atMost, atLeast }) =>
    Object.entries(atMost ?? atLeast).flatMap(([work, limit]) => {
      const cell = cellOf(cells, work, clients);
      if (!cell) {
        return [];
      }
      const medians = [base, other].map((side) => figure(median(cell.turns.of(side).map(FIGURES[name]))));
      const ratio = cell.turns.ratios(other, base, FIGURES[name]);
      const isReached = atMost ? ratio.middle <= limit : ratio.middle >= limit;
      const target = `${atMost ? 'at most' : 'at least'} ${limit}`;
      const what = `${work}, ${clients === 1 ? '1 client' : `${clients} clients`}: ${name}`;
      return [[what, ...medians, spread(ratio), target, answer(isReached)]];
    }),
  );
}

function tailRows(cells, sides) {
  const valueOf = (cell, side) => median(cell.turns.of(side).map(FIGURES['p99 to p50']));
  return MOST_P99_TO_P50.flatMap(({ clients, most }) => {
    const cell = cellOf(cells, 'hello', clients);
    const name = `hello, ${clients === 1 ? '1 client' : `${clients} clients`}: p99 to p50`;
    const values = cell && sides.map((side) => valueOf(cell, side));
    return cell ? [absolute(name, `at most ${most}`, values, figure, (value) => value <= most)] : [];
  });
}

function overloadRows(turns, sides) {
  const judged = sides.map((side) => judgeCurves(turns.of(side)));
  const pick = (name) => judged.map((one) => one[name]);
  return [
    absolute(
      '10 times the load it can bear: 200s a second to the peak',
      `at least ${LEAST_UNDER_OVERLOAD * 100} %`,
      ...[pick('atMost'), percent, (share) => share >= LEAST_UNDER_OVERLOAD],
    ),
    absolute(
      'refusals without Retry-After',
      ...['0', pick('withoutRetryAfter'), String, (count) => count === 0],
    ),
    absolute(
      '10 times the load: of those who came back as told, got in',
      `at least ${LEAST_KEPT * 100} %`,
      ...[pick('keptShare'), percent, (share) => share >= LEAST_KEPT],
    ),
  ];
}

function hostRows({ starts, memory }, sides) {
  const medians = (turns, figureOf) => sides.map((side) => median(turns.of(side).map(figureOf)));
  const at = (name, limit, unit, values) =>
    absolute(
      name,
      `at most ${limit} ${unit}`,
      values,
      (value) => `${figure(value)} ${unit}`,
      (value) => value <= limit,
    );
  const canSeeMemory = sides.every((side) => !memory.of(side).includes(null));
  return [
    ...(canSeeMemory
      ? [
          at(
            'idle with pandas ready',
            MOST_IDLE_MB,
            'MB',
            medians(memory, ({ idleBytes }) => idleBytes / MB),
          ),
          at(
            'a place more',
            MOST_PLACE_MB,
            'MB',
            medians(memory, ({ perPlaceBytes }) => perPlaceBytes / MB),
          ),
        ]
      : []),
    at(
      'ready after its start',
      MOST_READY_SECONDS,
      's',
      medians(starts, ({ readyMs }) => readyMs / 1000),
    ),
  ];
}

/** Rows of what was not measured are left out. */
export function printComparisonTargets({ cells, overload, host }, sides) {
  printTable(
    ['figure', ...sides.map(({ name }) => name), 'ratio', 'to reach', 'reached'],
    [
      ...(cells ? [...ratioRows(cells, sides), ...tailRows(cells, sides)] : []),
      ...(overload ? overloadRows(overload, sides) : []),
      ...(host ? hostRows(host, sides) : []),
    ],
  );
}
