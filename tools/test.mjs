/** `npm test`: the whole set-up, then every check. Ends with a counted line; non-zero when anything failed. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findLockProblems } from './checks/lockfile.mjs';
import { runPythonTests } from './checks/python-tests.mjs';
import { Tally } from './checks/tally.mjs';
import { nx } from './set-up/builds.mjs';
import { bin } from './set-up/commands.mjs';
import { REPORTS } from './set-up/places.mjs';
import { note, runMain, SetUpError, step } from './set-up/progress.mjs';
import { setUp } from './set-up/set-up.mjs';

/** Projects with jest tests; each writes its report under its name. */
const UNIT_PROJECTS = ['contracts', 'script-policy', 'sandbox', 'api'];

function showFailure({ status, output }) {
  if (status !== 0) {
    process.stdout.write(`${output.trim()}\n`);
  }
  return status === 0;
}

async function checkFormat(tally) {
  const { status, output } = await bin('prettier', ['--check', '.', '--cache', '--log-level', 'warn']);
  tally.addCheck('format (prettier)', showFailure({ status, output }));
}

async function checkTarget(tally, target, name) {
  tally.addCheck(name, showFailure(await nx(target)));
}

async function runUnitTests(tally) {
  showFailure(await nx('test'));
  for (const project of UNIT_PROJECTS) {
    tally.addJest(`${project} (jest)`, join(REPORTS, `${project}.json`));
  }
}

async function runEndToEnd(tally) {
  const report = join(REPORTS, 'api-e2e.json');
  rmSync(report, { force: true });
  await nx('e2e', { show: true });
  tally.addJest('api end to end (jest)', report);
}

/** Where the jail cannot work, its tests are skipped with a word; in CI they run and fail. */
async function decideOnJailTests() {
  if (process.env.CI === 'true') {
    return;
  }
  const { askHost } = await import('./host.mjs');
  const { canSandbox } = await askHost();
  if (!canSandbox) {
    process.env.PYCELL_SKIP_JAIL = 'true';
    note('This host cannot sandbox (npm run doctor tells why): the tests of the jail are skipped.');
  }
}

await runMain(async () => {
  const tally = new Tally();
  let record;
  try {
    record = await setUp({ mayInstall: true });
  } catch (error) {
    if (!(error instanceof SetUpError)) {
      throw error;
    }
    process.stderr.write(`\n${error.message}\n`);
    tally.addCheck('set-up', false);
    tally.print();
    return 1;
  }
  tally.addCheck('set-up', true);
  mkdirSync(REPORTS, { recursive: true });
  await decideOnJailTests();
  await step('Checking the lock', async () => {
    const problems = findLockProblems();
    problems.forEach(note);
    tally.addCheck('lock', problems.length === 0);
  });
  await step('Checking format', () => checkFormat(tally));
  await step('Linting', () => checkTarget(tally, 'lint', 'lint, with boundaries'));
  await step('Checking types', () => checkTarget(tally, 'typecheck', 'types'));
  await step('Running unit tests', () => runUnitTests(tally));
  await step('Running Python tests', () => runPythonTests(record, tally));
  await step('Running the API end to end', () => runEndToEnd(tally));
  tally.print();
  return tally.failed === 0 ? 0 : 1;
});
