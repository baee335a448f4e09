/**
 * `npm run compat`: runs tests that numpy and pandas bring themselves, bare and inside through POST /execute, and says
 * what passes bare and not inside. At least 3,000 test functions that need no process, no network and no larger limit;
 * PYCELL_SEED chooses the order of their modules. Writes docs/compatibility.md. Ends with a counted line; with 1 where less than 99.9 % of what
 * passes bare passes inside, or a difference has no reason in differences.mjs.
 * Options: --sample (150 functions, of which one may differ, and nothing is written), --all (every function), --as-built (no set-up before).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from '../bench/server.mjs';
import { chooseSeed, seededRandom, shuffled } from '../prove/seed.cjs';
import { endServicesWithUs } from '../services/service-process.cjs';
import { RECORD, ROOT } from '../set-up/places.mjs';
import { note, runMain, SetUpError, step } from '../set-up/progress.mjs';
import { setUp } from '../set-up/set-up.mjs';
import { reportOf } from './report.mjs';
import { makeCompatRoot, testModules } from './root.mjs';
import { runBare, runInside, sampleOf } from './trial.mjs';

const WHOLE = { functions: 3_200, modulesPerBatch: 6, tolerated: 0 };
/** One of 150 says nothing of 99.9 %: it is told, and two are too many. */
const SAMPLE = { functions: 150, modulesPerBatch: 1, tolerated: 1 };
/** The limits are the usual ones, but for the time: one run holds hundreds of tests. */
const SERVICE = { BUILD: 'cloud', SCRIPT_POLICY: 'off', SCRIPT_TIMEOUT: '120', MAX_SCRIPT_SIZE: '1000000' };

function optionsFromArguments() {
  const flag = { type: 'boolean', default: false };
  const { values } = parseArgs({ options: { sample: flag, all: flag, 'as-built': flag } });
  const size = values.sample ? SAMPLE : values.all ? { ...WHOLE, functions: Infinity } : WHOLE;
  return { ...size, writes: !values.sample, asBuilt: values['as-built'] };
}

function batchesOf(modules, size) {
  const count = Math.ceil(modules.length / size);
  return Array.from({ length: count }, (_, place) => modules.slice(place * size, (place + 1) * size));
}

/** Batch by batch, on as many processors as there are, until there are functions enough. */
async function runBatches(modules, { functions, modulesPerBatch }, trial) {
  const found = {
    modules: 0,
    ran: 0,
    notPassing: 0,
    cases: 0,
    needs: {},
    sample: [],
    differences: new Map(),
  };
  const pending = batchesOf(modules, modulesPerBatch);
  const work = async () => {
    while (found.sample.length < functions && pending.length > 0) {
      const batch = pending.shift();
      const bare = await runBare(trial, batch);
      if (bare === null) {
        // One module that pytest cannot even collect, since an optional package is missing, takes the others along.
        if (batch.length > 1) pending.unshift(...batch.map((module) => [module]));
        else note(`Does not run bare, and is left out: ${batch[0]}`);
        continue;
      }
      const sample = sampleOf(bare);
      const differences = await runInside(trial.port, sample);
      found.modules += batch.length;
      found.sample.push(...sample.keys());
      for (const record of Object.values(bare)) {
        found.ran += 1;
        if (record.failed.length > 0 || record.passed === 0) found.notPassing += 1;
        for (const need of record.needs) found.needs[need] = (found.needs[need] ?? 0) + 1;
      }
      for (const { passed } of sample.values()) found.cases += passed;
      for (const [name, seen] of differences) found.differences.set(name, seen);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  return found;
}

await runMain(async () => {
  const { asBuilt, writes, ...size } = optionsFromArguments();
  const record = asBuilt ? JSON.parse(readFileSync(RECORD, 'utf8')) : await setUp({ mayInstall: true });
  if (!record.nsjail) throw new SetUpError('There is no nsjail on this host (npm run doctor tells why).');
  const { packages, root } = await makeCompatRoot(record);
  const seed = chooseSeed();
  note(`Seed ${seed}: PYCELL_SEED=${seed} repeats the order of the test modules.`);
  endServicesWithUs();
  const server = await startServer({ ...SERVICE, SANDBOX_ROOT: root, NSJAIL_PATH: record.nsjail });
  try {
    const trial = { python: record.python, packages, port: server.port };
    const modules = shuffled(testModules(packages), seededRandom(seed));
    const found = await step('Running test functions, bare and inside', () =>
      runBatches(modules, size, trial),
    );
    const { text, lines, passed, failed } = reportOf({
      ...found,
      tolerated: size.tolerated,
      wanted: Number.isFinite(size.functions) ? size.functions : WHOLE.functions,
      seed,
      packages,
    });
    lines.forEach((line) => console.log(line));
    if (writes) writeFileSync(join(ROOT, 'docs/compatibility.md'), text);
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await server.stop();
  }
});
