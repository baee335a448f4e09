/** `npm test`: the whole set-up, then every check. Ends with a counted line; non-zero when anything failed. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../apps/console-e2e/src/harness/find-chromium.cjs';
import { findLockProblems } from './checks/lockfile.mjs';
import { checkOpenApi } from './checks/openapi.mjs';
import { checkPythonCode } from './checks/python-code.mjs';
import { runPythonTests } from './checks/python-tests.mjs';
import { Tally } from './checks/tally.mjs';
import { nx } from './set-up/builds.mjs';
import { bin } from './set-up/commands.mjs';
import { installDebianPackages } from './set-up/debian.mjs';
import { REPORTS } from './set-up/places.mjs';
import { note, runMain, SetUpError, step } from './set-up/progress.mjs';
import { setUp } from './set-up/set-up.mjs';

/** Projects with jest tests; each writes its report under its name. */
const UNIT_PROJECTS = ['contracts', 'script-policy', 'sandbox', 'api', 'console'];
/** Black-box suites, one after the other: each starts servers, and the console's a browser besides. */
const END_TO_END_PROJECTS = ['api-e2e', 'console-e2e'];

function reportOf(project) {
  return join(REPORTS, `${project}.json`);
}

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
  // A report that a test runner did not come to write must not be that of an earlier run.
  UNIT_PROJECTS.forEach((project) => rmSync(reportOf(project), { force: true }));
  const ok = showFailure(await nx('test'));
  addReports(tally, ok, 'unit tests', UNIT_PROJECTS);
}

/** A runner that failed without a failing test, such as in its tear-down, has failed all the same. */
function addReports(tally, ok, what, projects) {
  const failedBefore = tally.failed;
  projects.forEach((project) => tally.addJest(`${project} (jest)`, reportOf(project)));
  if (!ok && tally.failed === failedBefore) {
    tally.addCheck(`${what} end in order`, false);
  }
}

async function runEndToEnd(tally, project) {
  rmSync(reportOf(project), { force: true });
  const { status } = await nx('e2e', { show: true, args: ['-p', project] });
  addReports(tally, status === 0, 'end-to-end tests', [project]);
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

/** The console is tested in a real browser. Without one its suite fails and says so. */
async function provideBrowser() {
  if (!findChromium()) {
    await installDebianPackages(['chromium'], { mayInstall: true });
  }
}

await runMain(async () => {
  const tally = new Tally();
  let record;
  try {
    record = await setUp({ mayInstall: true });
  } catch (error) {
    process.stderr.write(`\n${error instanceof SetUpError ? error.message : error.stack}\n`);
    tally.addCheck('set-up', false);
    tally.print();
    return 1;
  }
  tally.addCheck('set-up', true);
  mkdirSync(REPORTS, { recursive: true });
  await decideOnJailTests();
  await provideBrowser();
  await step('Checking the lock', async () => {
    const problems = findLockProblems();
    problems.forEach(note);
    tally.addCheck('lock', problems.length === 0);
  });
  await step('Checking format', () => checkFormat(tally));
  await step('Linting', () => checkTarget(tally, 'lint', 'lint, with boundaries'));
  await step('Linting the OpenAPI document', () => checkOpenApi(tally));
  await step('Checking types', () => checkTarget(tally, 'typecheck', 'types'));
  await step('Checking the Python code', () => checkPythonCode(record, tally));
  await step('Running unit tests', () => runUnitTests(tally));
  await step('Running Python tests', () => runPythonTests(record, tally));
  for (const project of END_TO_END_PROJECTS) {
    await step(`Running ${project}`, () => runEndToEnd(tally, project));
  }
  tally.print();
  return tally.failed === 0 ? 0 : 1;
});
