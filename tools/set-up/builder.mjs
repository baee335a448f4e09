/** Calls `tools/sandbox-root/build.py`, which makes folders of packages and sandbox roots. */
import { join } from 'node:path';
import { run } from './commands.mjs';
import { ROOT } from './places.mjs';
import { SetUpError } from './progress.mjs';

export const BUILDER = join(ROOT, 'tools/sandbox-root/build.py');
export const RUNNER = join(ROOT, 'apps/runner');

/** Runs one of its commands with `python` and shows what it says. Returns { status, output }. */
export function build(python, args) {
  return run(python, [BUILDER, ...args], { show: true });
}

/** @throws SetUpError where the command failed */
export async function buildOrFail(python, args) {
  const { status } = await build(python, args);
  if (status !== 0) {
    throw new SetUpError(`The set-up stopped at: ${args[0]}. The lines above tell why.`);
  }
}

/** Makes a sandbox root with the runner in it. */
export function buildRoot(python, { packages, nsjail, output }) {
  return buildOrFail(python, [
    'root',
    ...['--output', output],
    ...['--packages', packages],
    ...['--runner', RUNNER],
    ...['--nsjail', nsjail],
  ]);
}
