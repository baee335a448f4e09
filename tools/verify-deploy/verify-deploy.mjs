/**
 * `npm run verify:deploy [-- STEP...]`: builds the images and runs them as Docker, Compose and Kubernetes would, without
 * any of these. Ends with figures and a counted line; non-zero when anything failed. docs/operations.md tells what it
 * stands in for and what it cannot show.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Tally } from '../checks/tally.mjs';
import { nx } from '../set-up/builds.mjs';
import { endTogether } from '../set-up/commands.mjs';
import { installNodePackages } from '../set-up/node-packages.mjs';
import { REPORTS } from '../set-up/places.mjs';
import { note, runMain, SetUpError, step } from '../set-up/progress.mjs';
import { removeContainers } from './container.mjs';
import { Findings } from './findings.mjs';
import { providePrograms } from './programs.mjs';

async function chosenSteps(names) {
  const { STEPS } = await import('./steps.mjs');
  const unknown = names.filter((name) => !(name in STEPS));
  if (unknown.length > 0) {
    throw new SetUpError(
      `There is no step ${unknown.join(', ')}. Steps: ${Object.keys(STEPS).join(', ')} (default: all).`,
    );
  }
  return Object.entries(STEPS).filter(([name]) => names.length === 0 || names.includes(name));
}

async function prepare() {
  await providePrograms();
  await installNodePackages();
  // The suites read the contract's types and constants.
  const { status, output } = await nx('build', { args: ['-p', 'contracts'] });
  if (status !== 0) {
    throw new SetUpError(`libs/contracts cannot be built:\n${output}`);
  }
  mkdirSync(REPORTS, { recursive: true });
}

await runMain(async () => {
  const tally = new Tally();
  const findings = new Findings(tally);
  // Ctrl+C must leave neither builds nor containers behind.
  endTogether(removeContainers);
  if (await findings.check('what verification needs is there', prepare)) {
    for (const [, { name, run }] of await chosenSteps(process.argv.slice(2))) {
      await step(name, () => findings.within(name, () => run(findings)));
      await removeContainers();
    }
    findings.printFigures();
    writeFileSync(join(REPORTS, 'verify-deploy.json'), `${JSON.stringify(findings.figures, null, 2)}\n`);
  } else {
    note('Nothing was verified.');
  }
  tally.print();
  return tally.failed === 0 ? 0 : 1;
});
