/** Installations beside this checkout's whose scripts run on another Python; only proofs use them. What is there is kept. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildOrFail, buildRoot } from '../set-up/builder.mjs';
import { MADE, ROOT } from '../set-up/places.mjs';

/** What the built API needs besides what it finds above its folder; a copy, which nothing follows out of `.pycell`. */
const COPIED = ['package.json', 'nsjail.cfg', 'nsjail.gvisor.cfg', 'apps/runner', 'dist/apps/api'];

/**
 * @param {import('../set-up/interpreters.mjs').Interpreter} python
 * @param record what the set-up made
 * @returns what the suites need to know of the installation: a record like the set-up's, a folder for what checks need,
 *   and variables of the environment
 */
export async function makePythonInstallation({ path, version }, { nsjail, sandboxRoot }) {
  const minor = version.slice(0, 2).join('.');
  const folder = join(MADE, 'pythons', minor);
  const packages = join(folder, 'packages');
  // Beside the other root, so that the jail's ids can walk to it.
  const root = `${sandboxRoot}-python-${minor}`;
  await buildOrFail(path, ['packages', '--output', packages]);
  await buildRoot(path, { packages, nsjail, output: root });
  for (const name of COPIED) {
    rmSync(join(folder, name), { recursive: true, force: true });
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  const record = { python: path, packages, nsjail, sandboxRoot: root };
  mkdirSync(join(folder, '.pycell'), { recursive: true });
  writeFileSync(join(folder, '.pycell/setup.json'), JSON.stringify(record));
  const environment = {
    PYCELL_INSTALLATION: folder,
    PYTHON: path,
    NSJAIL_PATH: nsjail,
    SANDBOX_ROOT: root,
  };
  return { record, tools: join(folder, 'checks'), environment };
}
