/** The whole set-up: what is done already takes no time. */
import { buildProjects } from './builds.mjs';
import { endSeparately, endTogether } from './commands.mjs';
import { installNodePackages } from './node-packages.mjs';
import { findPython } from './python.mjs';
import { makeSandbox } from './sandbox.mjs';

/**
 * Installs, builds and checks everything that start and test need.
 * @param mayInstall whether missing Debian packages are installed (as root) rather than named
 * @returns the record of what was made
 */
export async function setUp({ mayInstall = false } = {}) {
  endTogether();
  const { chosen } = await findPython({ mayInstall });
  await installNodePackages();
  const record = await makeSandbox(chosen.path, { mayInstall });
  await buildProjects();
  endSeparately();
  return record;
}
