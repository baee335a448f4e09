/** Measures this checkout beside another commit: in the same run, in turns, by the same load generator. */
import { step } from '../set-up/progress.mjs';
import { endServicesWithUs } from '../services/service-process.cjs';
import { noteInterpreters, prepareCommit, thisInstallation } from './checkout.mjs';
import { printComparisonTargets } from './comparison-targets.mjs';
import { writeCostGraph } from './cost-graph.mjs';
import { measureIdleMemory, measureStart } from './host-cost.mjs';
import { loadCells, loadRound, printLoad, printParts, warmUp } from './load-comparison.mjs';
import { measureOverload, printOverload } from './overload.mjs';
import { pauseCells, pauseRound, printPauses } from './pauses.mjs';
import { printHeading } from './report.mjs';
import { startServer } from './server.mjs';
import { sidesInTurn, Turns } from './turns.mjs';

/** They take long, and vary little from round to round. */
const MAX_ROUNDS = { memory: 3, overload: 2 };

async function prepareSides(record, options) {
  const base = { ...(await prepareCommit(options.against, options)), node: options.againstNode };
  const other = { ...(await thisInstallation(record)), node: options.node };
  for (const side of [base, other]) {
    await noteInterpreters(side);
  }
  return [base, other];
}

/** Has both sides' servers run while `work` measures them. */
async function withServers(sides, environment, { works }, work) {
  try {
    for (const side of sides) {
      side.server = await startServer(environment, whereOf(side));
    }
    await step('Warming up', async () => {
      for (const side of sides) {
        await warmUp(side.server, works);
      }
    });
    await work();
  } finally {
    await Promise.all(sides.map(({ server }) => server?.stop()));
  }
}

function whereOf({ root, node }) {
  return { installation: root, node };
}

/** Runs one stage in rounds, if it is asked for, and returns what it measured. */
async function inRounds({ stages, rounds }, stage, name, maxRounds, measured, measureRound) {
  if (!stages.includes(stage)) {
    return null;
  }
  const last = Math.min(rounds, maxRounds);
  for (let round = 0; round < last; round++) {
    await step(`${name}: round ${round + 1} of ${last}`, () => measureRound(round));
  }
  return measured;
}

/** Start and memory, with servers of their own while no others run. */
function measureHost(sides, environment, options) {
  const host = { starts: new Turns(), memory: new Turns() };
  return inRounds(options, 'host', 'Start and memory', Infinity, host, async (round) => {
    for (const side of sidesInTurn(sides, round)) {
      await host.starts.measure(side, () => measureStart(environment, whereOf(side)));
      if (round < MAX_ROUNDS.memory) {
        await host.memory.measure(side, () => measureIdleMemory(environment, whereOf(side)));
      }
    }
  });
}

async function measureServers(sides, environment, options) {
  const { works, seconds } = options;
  const measured = {};
  await withServers(sides, environment, options, async () => {
    const cells = loadCells(works);
    measured.cells = await inRounds(options, 'load', 'Load', Infinity, cells, (round) =>
      loadRound(cells, sides, { round, seconds }),
    );
    const pauses = pauseCells(works);
    measured.pauses = await inRounds(options, 'pauses', 'Pauses', Infinity, pauses, (round) =>
      pauseRound(pauses, sides, round),
    );
    const overload = new Turns();
    measured.overload = await inRounds(
      ...[options, 'overload', 'Overload', MAX_ROUNDS.overload, overload],
      async (round) => {
        for (const side of sidesInTurn(sides, round)) {
          await overload.measure(side, () => measureOverload(side.server, { round, seconds }));
        }
      },
    );
  });
  return measured;
}

function print({ cells, pauses, overload, host }, sides, options) {
  const [base, other] = sides;
  printHeading(options);
  console.log(`Ratios are of ${other.name} to ${base.name} within each round: median [quartiles].`);
  if (cells) {
    printLoad(cells, sides);
    printParts(cells, sides);
    if (options.graph) {
      writeCostGraph(options.graph, cells, sides);
    }
  }
  if (pauses) {
    printPauses(pauses, cells, sides);
  }
  if (overload) {
    printOverload(sides.map((side) => [side.name, overload.of(side)]));
  }
  printComparisonTargets({ cells, overload, host }, sides);
}

/**
 * @param record what the set-up of this checkout made
 * @param environment of the servers
 */
export async function compare(record, environment, options) {
  const sides = await prepareSides(record, options);
  endServicesWithUs();
  const host = await measureHost(sides, environment, options);
  const measured = await measureServers(sides, environment, options);
  print({ ...measured, host }, sides, options);
}
