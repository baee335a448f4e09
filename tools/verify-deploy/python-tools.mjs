/** Checkers that are Python programs, in a folder of their own, pinned by hash. */
import { join } from 'node:path';
import { MADE, ROOT } from '../set-up/places.mjs';
import { findPython } from '../set-up/python.mjs';
import { mustRun, runFor } from './programs.mjs';

const FOLDER = join(MADE, 'verify-deploy/compose-schema');
const REQUIREMENTS = join(ROOT, 'tools/verify-deploy/compose-requirements.txt');
const INSTALL_SECONDS = 600;

/** Installs the checkers where they are not there yet; returns a function that runs one of their modules. */
export async function providePythonTools() {
  const python = await findPython({ mayInstall: true });
  await mustRun(INSTALL_SECONDS, python, [
    ...[join(ROOT, 'tools/sandbox-root/build.py'), 'packages'],
    ...['--requirements', REQUIREMENTS, '--output', FOLDER],
  ]);
  const env = { ...process.env, PYTHONPATH: FOLDER, PYTHONDONTWRITEBYTECODE: '1' };
  return (module, args) => runFor(120, python, ['-m', module, ...args], { env });
}
