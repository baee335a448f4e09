/** What the first request after a pause takes: memory, caches and the jail's spares have been left alone meanwhile. */
import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from './connection.mjs';
import { load } from './load.mjs';
import { cellOf, FIGURES } from './load-comparison.mjs';
import { figure, printTable, spread } from './markdown.mjs';
import { median } from './statistics.mjs';
import { sidesInTurn, Turns } from './turns.mjs';
import { requestsOf } from './works.mjs';

/** `times`: requests of a round; `maxRounds` keeps the whole within minutes. */
const PAUSES = [
  { pauseMs: 50, times: 20, maxRounds: Infinity },
  { pauseMs: 5_000, times: 2, maxRounds: 5 },
  { pauseMs: 60_000, times: 1, maxRounds: 4 },
];

/** Returns what is measured: { work, pauseMs, turns } of each. */
export function pauseCells(works) {
  return PAUSES.flatMap((pause) => works.map((work) => ({ work, ...pause, turns: new Turns() })));
}

export async function pauseRound(cells, sides, round) {
  for (const { pauseMs, times, maxRounds } of PAUSES) {
    const due = round < maxRounds ? cells.filter((cell) => cell.pauseMs === pauseMs) : [];
    if (pauseMs < 1_000) {
      await thinkingClients(due, sides, round);
    } else if (due.length > 0) {
      for (let repeat = 0; repeat < times; repeat++) {
        await delay(pauseMs);
        await firstRequests(due, sides, round * times + repeat);
      }
    }
  }
}

/** After a short pause each client waits for itself. */
async function thinkingClients(cells, sides, round) {
  for (const { work, pauseMs, times, turns } of cells) {
    for (const side of sidesInTurn(sides, round)) {
      await turns.measure(side, () =>
        load(side.server.port, work, { clients: 1, requests: times, thinkMs: pauseMs }),
      );
    }
  }
}

/** A long pause is one for all: then each side has one request of each work, in another order each time. */
async function firstRequests(cells, sides, turn) {
  const inTurn = turn % 4 < 2 ? cells : cells.toReversed();
  for (const { work, turns } of inTurn) {
    for (const side of sidesInTurn(sides, turn)) {
      await turns.measure(side, () => timeOne(side.server.port, work));
    }
  }
}

async function timeOne(port, work) {
  const request = requestsOf(work)();
  const since = performance.now();
  const connection = new Connection(port);
  const { status } = await connection.exchange(request);
  connection.close();
  if (status !== 200) {
    throw new Error(`A script of the benchmark was answered with ${status}.`);
  }
  return { times: [performance.now() - since] };
}

/** @param loaded the cells of the same works under load, which are shown beside; null where they were not measured */
export function printPauses(cells, loaded, sides) {
  const [base, other] = sides;
  const p50 = FIGURES['p50 ms'];
  const works = [...new Set(cells.map(({ work }) => work))];
  const columnsOf = (work) => [
    ...[1, 8].map((clients) => cellOf(loaded, work, clients)),
    ...cells.filter((cell) => cell.work === work),
  ];
  const rows = works.flatMap((work) => [
    ...sides.map((side) => [
      ...[work, side.name],
      ...columnsOf(work).map((cell) => (cell ? figure(median(cell.turns.of(side).map(p50))) : '-')),
    ]),
    [
      work,
      '**ratio**',
      ...columnsOf(work).map((cell) => (cell ? spread(cell.turns.ratios(other, base, p50)) : '-')),
    ],
  ]);
  const pauses = PAUSES.map(({ pauseMs }) =>
    pauseMs < 1_000 ? `after ${pauseMs} ms` : `after ${pauseMs / 1_000} s`,
  );
  printTable(['p50 ms', 'commit', '1 client', '8 clients', ...pauses], rows);
}
