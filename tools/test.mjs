/** `npm test`: the whole set-up, then every check. Ends with a counted line; non-zero when anything failed. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { findChromium } from '../apps/console-e2e/src/harness/find-chromium.cjs';
import { checkLayers, findUnnoticedPlants } from './checks/layers.mjs';
import { findLockProblems } from './checks/lockfile.mjs';
import { checkByInspector } from './checks/mcp-inspector.mjs';
import { runNodeTests } from './checks/node-tests.mjs';
import { checkOpenApi } from './checks/openapi.mjs';
import { checkPythonClient } from './checks/python-client.mjs';
import { checkPythonCode, runPythonTests } from './checks/python.mjs';
import { Tally } from './checks/tally.mjs';
import { nx } from './set-up/builds.mjs';
import { bin, endTogether, run } from './set-up/commands.mjs';
import { tryOtherPythons } from './prove/pythons.mjs';
import { chooseSeed } from './prove/seed.cjs';
import { installDebianPackages } from './set-up/debian.mjs';
import { REPORTS, ROOT } from './set-up/places.mjs';
import { note, printTimes, runMain, SetUpError, step } from './set-up/progress.mjs';
import { setUp } from './set-up/set-up.mjs';

/** Projects with jest tests; each writes its report under its name. */
const UNIT_PROJECTS = ['contracts', 'script-policy', 'api-client', 'sandbox', 'api', 'console'];
/** Black-box suites, one after the other: each starts servers, and the console's a browser besides. */
const END_TO_END_PROJECTS = ['api-e2e', 'console-e2e'];
const FAILED_TASK = /^- [\w-]+:([\w-]+)$/gm; // in Nx's list, which it colours under CI

function reportOf(project) {
  return join(REPORTS, `${project}.json`);
}

function showFailure({ status, output }) {
  if (status !== 0) {
    process.stdout.write(`${output.trim()}\n`);
  }
  return status === 0;
}

/** In one run of Nx, which always has a next task for both processors. */
async function checkProjects(tally) {
  // A report that is left over from an earlier run must not be counted.
  UNIT_PROJECTS.forEach((project) => rmSync(reportOf(project), { force: true }));
  const { status, output } = await nx(['lint', 'typecheck', 'test']);
  showFailure({ status, output });
  const plain = stripVTControlCharacters(output);
  const failed = new Set(Array.from(plain.matchAll(FAILED_TASK), ([, target]) => target));
  // A failure that names no task is everybody's.
  const isOk = (target) => status === 0 || (failed.size > 0 && !failed.has(target));
  tally.addCheck('lint, with boundaries', isOk('lint'));
  tally.addCheck('types', isOk('typecheck'));
  addReports(tally, isOk('test'), 'unit tests', UNIT_PROJECTS);
}

async function checkFolders(tally) {
  tally.addCheck('order of folders', showFailure(await checkLayers()));
  const unnoticed = await findUnnoticedPlants();
  unnoticed.forEach((plant) => note(`planted, and not found: ${plant}`));
  tally.addCheck('planted circles are found', unnoticed.length === 0);
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

/** A program of ours that is one check. */
async function checkByProgram(tally, name, args) {
  tally.addCheck(name, showFailure(await run(process.execPath, args)));
}

/** Of the long proofs a sample runs, another one each time: `npm run prove` runs all. */
function chooseSample() {
  process.env.PYCELL_PROOF = 'sample';
  const seed = chooseSeed();
  note(`Long proofs are sampled with seed ${seed}: PYCELL_SEED=${seed} repeats that.`);
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

/**
 * The console is tested in a real browser and behind nginx, replicas behind HAProxy, jails without a layer in containers, rates
 * with a real Redis, callbacks by TLS in a network of their own, rules and metrics by promtool: without these programs suites fail.
 */
async function providePrograms() {
  const has = (name) => [`/usr/sbin/${name}`, `/usr/bin/${name}`].some((file) => existsSync(file));
  const missing = [
    ...(findChromium() ? [] : ['chromium']),
    ...(has('runc') ? [] : ['runc']),
    ...(has('nginx') ? [] : ['nginx-light']),
    ...(has('haproxy') ? [] : ['haproxy']),
    ...(has('redis-server') ? [] : ['redis-server']),
    // Certificates of tests, and the network that callbacks are sent in.
    ...(has('openssl') ? [] : ['openssl']),
    ...(has('ip') ? [] : ['iproute2']),
    // For promtool. Where it starts Prometheus, that listens on 9090, which no test uses.
    ...(has('promtool') ? [] : ['prometheus']),
  ];
  if (missing.length > 0) {
    await installDebianPackages(missing, { mayInstall: true });
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
  endTogether();
  mkdirSync(REPORTS, { recursive: true });
  chooseSample();
  await decideOnJailTests();
  await providePrograms();
  await step('Checking the lock', async () => {
    const problems = findLockProblems();
    problems.forEach(note);
    tally.addCheck('lock', problems.length === 0);
  });
  await step('Testing the set-up', () =>
    runNodeTests(tally, 'set-up (node:test)', join(ROOT, 'tools/set-up/tests')),
  );
  await step('Testing npm run keys', () =>
    runNodeTests(tally, 'keys (node:test)', join(ROOT, 'tools/keys/tests')),
  );
  await step('Testing what judges the queue', () =>
    runNodeTests(tally, 'proof of the queue (node:test)', join(ROOT, 'tools/prove/queue/tests')),
  );
  await step('Testing what judges a fuzz', () =>
    runNodeTests(tally, 'proof by a fuzz (node:test)', join(ROOT, 'tools/prove/fuzz/tests')),
  );
  await step('Checking what watches over the service', () =>
    runNodeTests(tally, 'monitoring (node:test)', join(ROOT, 'infra/monitoring/tests')),
  );
  await step('Checking what is generated', () =>
    checkByProgram(tally, 'generated files', ['tools/generate/generate.mjs', '--check']),
  );
  const checkTypeScript = async () => {
    const prettier = () => bin('prettier', ['--check', '.', '--cache', '--log-level', 'warn']);
    tally.addCheck('format (prettier)', showFailure(await step('Checking format', prettier)));
    await step('Linting the OpenAPI document', () => checkOpenApi(tally));
    await step('Checking the order of folders', () => checkFolders(tally));
    await step('Linting, checking types, running unit tests', () => checkProjects(tally));
  };
  const checkPython = () => checkPythonCode(record, tally).then(() => runPythonTests(record, tally));
  // Beside each other: the tests of Python wait more than they compute.
  await Promise.all([checkTypeScript(), step('Checking the Python code, running its tests', checkPython)]);
  await step('Installing the Python client, running its tests', () => checkPythonClient(record, tally));
  for (const project of END_TO_END_PROJECTS) {
    await step(`Running ${project}`, () => runEndToEnd(tally, project));
  }
  await step('Running the corpus on another Python', () =>
    tryOtherPythons(record, tally, 'another Python, a sample', { isWhole: false }),
  );
  await step('Soaking a sample', () =>
    checkByProgram(tally, 'soak, a sample', ['tools/soak/soak.mjs', '--as-built', '--sample']),
  );
  if (process.env.PYCELL_SKIP_JAIL !== 'true') {
    await step("Asking by MCP's inspector", () => checkByInspector(tally));
    await step('Killing what the queue is made of', () =>
      checkByProgram(tally, 'queue, a sample', ['tools/prove/queue/queue.mjs', '--as-built', '--sample']),
    );
    await step('Asking by the description, at random', () =>
      checkByProgram(tally, 'fuzz, a sample', ['tools/prove/fuzz/fuzz.mjs', '--as-built', '--sample']),
    );
    await step("Running a sample of numpy's and pandas' tests", () =>
      checkByProgram(tally, 'compatibility, a sample', ['tools/compat/compat.mjs', '--as-built', '--sample']),
    );
  }
  printTimes();
  tally.print();
  return tally.failed === 0 ? 0 : 1;
});
