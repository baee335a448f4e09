/** Measures this checkout beside another commit: in the same run, in turns, by the same load generator. */
import { step } from '../set-up/progress.mjs';
import { endServicesWithUs } from '../services/service-process.cjs';
import { noteInterpreters, prepareCommit, thisInstallation } from './checkout.mjs';
import { loadCells, loadRound, printLoad, printParts, warmUp } from './load-comparison.mjs';
import { printHeading } from './report.mjs';
import { startServer } from './server.mjs';

async function prepareSides(record, options) {
  const base = { ...(await prepareCommit(options.against, options)), node: options.againstNode };
  const other = { ...(await thisInstallation(record)), node: options.node };
  for (const side of [base, other]) {
    await noteInterpreters(side);
  }
  return [base, other];
}

/** Has both sides' servers run while `work` measures them. */
async function withServers(sides, environment, work) {
  try {
    for (const side of sides) {
      side.server = await startServer(environment, { installation: side.root, node: side.node });
    }
    await step('Warming up', async () => {
      for (const side of sides) {
        await warmUp(side.server);
      }
    });
    return await work();
  } finally {
    await Promise.all(sides.map(({ server }) => server?.stop()));
  }
}

/**
 * @param record what the set-up of this checkout made
 * @param environment of the servers
 */
export async function compare(record, environment, options) {
  const sides = await prepareSides(record, options);
  endServicesWithUs();
  const cells = loadCells(options.works);
  await withServers(sides, environment, async () => {
    for (let round = 0; round < options.rounds; round++) {
      await step(`Round ${round + 1} of ${options.rounds}`, () =>
        loadRound(cells, sides, { round, seconds: options.seconds }),
      );
    }
  });
  printHeading(options);
  const [base, other] = sides;
  console.log(`Ratios are of ${other.name} to ${base.name} within each round: median [quartiles].`);
  printLoad(cells, sides);
  printParts(cells, sides);
}
