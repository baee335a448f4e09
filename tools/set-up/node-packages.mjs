/** Installs the npm packages exactly as locked, when the lock file has changed since. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './commands.mjs';
import { ROOT } from './places.mjs';
import { note, SetUpError, step } from './progress.mjs';

const STAMP = join(ROOT, 'node_modules/.pycell-lock');
const LAST_PROGRAM = join(ROOT, 'node_modules/.bin/tsc');

/** Node versions that the packages support; the same range stands in package.json. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!supported) {
    throw new SetUpError(
      `Node ${process.versions.node} is too old: install Node 20.19 or later, or 22.12 or later (.nvmrc names one).`,
    );
  }
}

/** Of no version of Node: what is installed is the same for each, since no install script runs. */
function wantedStamp() {
  return createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
}

export async function installNodePackages() {
  checkNode();
  const wanted = wantedStamp();
  // The stamp alone is not believed: an installation that was interrupted may have taken packages away again.
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted && existsSync(LAST_PROGRAM)) {
    return;
  }
  rmSync(STAMP, { force: true });
  await step('Installing npm packages', async () => {
    // Nothing of ours needs an install script, and others' have no business on this machine.
    const { status, output } = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
    if (status !== 0) {
      note(output.trim());
      throw new SetUpError('npm ci failed: is the npm registry reachable from here?');
    }
    if (!existsSync(LAST_PROGRAM)) {
      throw new SetUpError(
        'npm ci left no complete node_modules: is another set-up running? Run the command again.',
      );
    }
    writeFileSync(STAMP, wanted);
  });
}
