/** What runs cost on both sides of a comparison: time, CPU time of the whole process tree by its parts, page faults. */
import { load } from './load.mjs';
import { figure, printTable, spread } from './markdown.mjs';
import { median, percentile } from './statistics.mjs';
import { PARTS, withCost } from './tree-cost.mjs';
import { sidesInTurn, Turns } from './turns.mjs';
import { ZYGOTE_KINDS } from './works.mjs';

/** A service that has just been started runs code that V8 has not compiled yet: 0.2 to 0.3 ms more a run. */
const WARM_UP = { hello: 2_000, pandas: 200, figure: 20 };
const WARM_UP_CLIENTS = 8;
const CLIENTS = [1, 8];

const p50 = ({ times }) => percentile(times, 0.5);
const p99 = ({ times }) => percentile(times, 0.99);

/** Column by column. */
export const FIGURES = {
  'p50 ms': p50,
  'p99 ms': p99,
  'p99 to p50': (result) => p99(result) / p50(result),
  '200s a second': ({ perSecond }) => perSecond,
  'CPU ms a run': ({ cost }) => cost.all.ms,
  'page faults a run': ({ cost }) => cost.all.faults,
};

/** Most of what hello has compiled is the same for every script. */
export async function warmUp({ port }, works) {
  for (const work of new Set(['hello', ...works])) {
    await load(port, work, { clients: WARM_UP_CLIENTS, requests: WARM_UP[work] });
  }
}

/** Returns what is measured: { work, clients, turns } of each. */
export function loadCells(works) {
  return works.flatMap((work) => CLIENTS.map((clients) => ({ work, clients, turns: new Turns() })));
}

export function cellOf(cells, work, clients) {
  return cells?.find((cell) => cell.work === work && cell.clients === clients);
}

/** Measures every cell once on each side. */
export async function loadRound(cells, sides, { round, seconds }) {
  for (const { work, clients, turns } of cells) {
    for (const side of sidesInTurn(sides, round)) {
      const { pid, port } = side.server;
      await turns.measure(side, () =>
        withCost(pid, ZYGOTE_KINDS[work], () => load(port, work, { clients, seconds })),
      );
    }
  }
}

const sumOf = (results, name) => results.reduce((sum, result) => sum + result[name], 0);

export function printLoad(cells, [base, other]) {
  const figures = Object.entries(FIGURES);
  const rows = cells.flatMap(({ work, clients, turns }) => [
    ...[base, other].map((side) => [
      ...[work, clients, side.name],
      ...figures.map(([, figureOf]) => figure(median(turns.of(side).map(figureOf)))),
      ...['refused', 'errors'].map((name) => sumOf(turns.of(side), name)),
    ]),
    [
      ...[work, clients, '**ratio**'],
      ...figures.map(([, figureOf]) => spread(turns.ratios(other, base, figureOf))),
      ...['', ''],
    ],
  ]);
  printTable(['work', 'clients', 'commit', ...figures.map(([name]) => name), '503', 'errors'], rows);
}

/** Median of what a run costs in one part of the process tree. */
export function partOf(cell, side, part, unit) {
  return median(cell.turns.of(side).map(({ cost }) => cost.parts?.[part][unit] ?? NaN));
}

export function wholeOf(cell, side, unit) {
  return median(cell.turns.of(side).map(({ cost }) => cost.all[unit]));
}

/** One table with the CPU time by part, another with the page faults. */
export function printParts(cells, sides) {
  for (const [unit, what] of Object.entries({ ms: 'CPU ms a run', faults: 'page faults a run' })) {
    const rows = cells.flatMap((cell) =>
      sides.map((side) => [
        ...[cell.work, cell.clients, side.name],
        ...PARTS.map((part) => figure(partOf(cell, side, part, unit))),
        figure(wholeOf(cell, side, unit)),
      ]),
    );
    printTable(['work', 'clients', `commit; ${what}:`, ...PARTS, 'all'], rows);
  }
}
