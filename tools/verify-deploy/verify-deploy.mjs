/**
 * `npm run verify:deploy [-- [--all] [--data FOLDER] STEP...]`: builds the images with a Docker engine of its own, runs
 * them as the documents say, with Compose, podman and gVisor, and runs the tests of infra/. Ends with a counted line;
 * non-zero when anything failed.
 *
 * --all     also what proves the same in more forms, and the whole end-to-end suite under the images' Node
 * --data    keeps the engine's data in this folder, which makes the next call quick; default: a temporary one
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { nx } from '../set-up/builds.mjs';
import { endTogether } from '../set-up/commands.mjs';
import { installNodePackages } from '../set-up/node-packages.mjs';
import { REPORTS } from '../set-up/places.mjs';
import { runMain, SetUpError } from '../set-up/progress.mjs';
import { Engine } from './engine.mjs';
import { Findings } from './findings.mjs';
import { providePrograms } from './programs.mjs';

const { values, positionals } = parseArgs({
  options: { all: { type: 'boolean', default: false }, data: { type: 'string' } },
  allowPositionals: true,
});

const STEPS = ['infra', 'images', 'docker', 'compose', 'kubernetes', 'gvisor'];

/** What the suites and the tests of infra/ read. */
async function prepare() {
  const unknown = positionals.filter((name) => !STEPS.includes(name));
  if (unknown.length > 0) {
    throw new SetUpError(`There is no step ${unknown}. Steps: ${STEPS.join(', ')} (default: all).`);
  }
  await installNodePackages();
  const { status, output } = await nx('build', { args: ['-p', 'contracts,console'] });
  if (status !== 0) {
    throw new SetUpError(`The workspace cannot be built:\n${output}`);
  }
  mkdirSync(REPORTS, { recursive: true });
}

async function verify(findings, engine) {
  await prepare();
  const chosen = STEPS.filter((name) => positionals.length === 0 || positionals.includes(name));
  const onEngine = chosen.filter((name) => name !== 'infra');
  // Only now: steps import packages that had to be installed.
  const perform = async (name, ...args) => {
    const { [name]: work } = await import(`./steps/${name}.mjs`);
    return findings.step(name, () => work(findings, ...args));
  };
  const build = async () => {
    await providePrograms();
    const { buildImages } = await import('./steps/images.mjs');
    await engine.start({ builds: true });
    await buildImages(engine);
    await engine.start({ builds: false });
  };
  // The tests of infra/ need no engine.
  const [isBuilt] = await Promise.all([
    onEngine.length > 0 && findings.step('engine, base images, builds', build),
    chosen.length > onEngine.length && perform('infra'),
  ]);
  for (const name of isBuilt ? onEngine : []) {
    await perform(name, engine, values);
    await engine.removeContainers();
  }
}

await runMain(async () => {
  const findings = new Findings();
  const engine = new Engine(values.data && resolve(values.data));
  // Ctrl+C must leave neither builds nor containers behind.
  endTogether(() => engine.remove());
  try {
    await verify(findings, engine);
  } catch (error) {
    await findings.check('what verification needs is there', () => Promise.reject(error));
  } finally {
    await engine.remove();
  }
  findings.print();
  return findings.tally.failed === 0 ? 0 : 1;
});
