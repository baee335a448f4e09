/**
 * Tries the corpora on the Pythons of this host that the set-up did not choose. Whole: on each of them, the hostile scripts
 * and the tests of the Python code too. As a sample: what scripts are answered, on one of them, another one each time.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installCheckTools, runPythonTests } from '../checks/python.mjs';
import { Tally } from '../checks/tally.mjs';
import { bin, run } from '../set-up/commands.mjs';
import { REPORTS } from '../set-up/places.mjs';
import { note } from '../set-up/progress.mjs';
import { describePython, findEachMinor } from '../set-up/python.mjs';
import { makePythonInstallation } from './python-installation.mjs';
import { chooseSeed, seededRandom, shuffled } from './seed.cjs';

/** Spec files of the API's black-box suite. */
const WHOLE = '(corpus|corpus-per-run|jail-warm)\\.e2e';
const SAMPLE = 'src/corpus\\.e2e';

async function otherPythons({ python }) {
  const { output } = await run(python, ['-I', '-c', 'import sys; print(sys.version_info[1])']);
  const own = Number(output);
  return (await findEachMinor()).filter(({ version }) => version[1] !== own);
}

async function runSuites(tally, name, files, environment) {
  const report = join(REPORTS, `${name.replaceAll(' ', '-')}.json`);
  mkdirSync(REPORTS, { recursive: true });
  rmSync(report, { force: true });
  const args = ['-c', 'apps/api-e2e/jest.config.cjs', files, '--json', `--outputFile=${report}`];
  const { status, output } = await bin('jest', args, { env: { ...process.env, ...environment } });
  if (status !== 0) {
    process.stdout.write(output);
  }
  tally.addJest(name, report);
}

/** @returns a line for people */
async function tryPython(python, record, tally, isWhole) {
  const made = await makePythonInstallation(python, record);
  const name = `Python ${python.version.join('.')}`;
  const before = tally.passed;
  await runSuites(tally, name, isWhole ? WHOLE : SAMPLE, made.environment);
  if (isWhole) {
    if (await installCheckTools(python.path, made.tools)) {
      await runPythonTests(made.record, tally, made.tools);
    } else {
      tally.addCheck(`${name}, tools`, false);
    }
  }
  return `${name}: ${tally.passed - before} passed`;
}

/** @param record what the set-up made @returns lines for people, one for each version */
export async function tryOtherPythons(record, tally, name, { isWhole }) {
  const others = record.nsjail ? await otherPythons(record) : [];
  if (others.length === 0) {
    note(
      record.nsjail
        ? 'There is no other Python on this host to try.'
        : 'Other Pythons need nsjail: not tried.',
    );
    tally.add(name, { passed: 0, failed: 0, skipped: 1 });
    return [];
  }
  const chosen = isWhole ? others : shuffled(others, seededRandom(chooseSeed())).slice(0, 1);
  const lines = [];
  const own = new Tally();
  for (const python of chosen) {
    note(`Trying ${describePython(python)}`);
    lines.push(await tryPython(python, record, own, isWhole));
  }
  tally.addSum(name, own);
  return lines;
}
