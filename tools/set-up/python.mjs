/** Finds the Python interpreter that scripts will run on. */
import { existsSync } from 'node:fs';
import { run } from './commands.mjs';
import { installDebianPackages } from './debian.mjs';
import { SetUpError } from './progress.mjs';

const OLDEST = [3, 11];
/** There are wheels of numpy and pandas, with hashes in the requirements, up to here. */
const NEWEST = [3, 14];
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.14', 'python'];

const QUESTION = `
import importlib.util, json, sys
print(json.dumps({
    "path": sys.executable,
    "version": list(sys.version_info[:3]),
    "pip": importlib.util.find_spec("pip") is not None,
}))`;

async function ask(candidate) {
  const { status, output } = await run(candidate, ['-I', '-c', QUESTION]);
  if (status !== 0) {
    return null;
  }
  const answer = JSON.parse(output);
  return existsSync(answer.path) ? answer : null;
}

function isSupported({ version: [major, minor] }) {
  return major === 3 && minor >= OLDEST[1] && minor <= NEWEST[1];
}

async function findAmong(candidates) {
  const found = (await Promise.all(candidates.map(ask))).filter((answer) => answer !== null);
  const supported = found.filter(isSupported);
  return { found, best: supported.find(({ pip }) => pip) ?? supported[0] };
}

/**
 * Returns the interpreter's path. PYTHON names one; else the first supported one on the PATH that has pip.
 * @param mayInstall whether Debian packages may be installed to get one
 */
export async function findPython({ mayInstall }) {
  const named = process.env.PYTHON;
  let { found, best } = await findAmong(named ? [named] : CANDIDATES);
  if (!best?.pip && !named && (await installDebianPackages(['python3', 'python3-pip'], { mayInstall }))) {
    ({ found, best } = await findAmong([...CANDIDATES, '/usr/bin/python3']));
  }
  const install =
    'Debian and Ubuntu: apt-get install python3 python3-pip. Elsewhere: set PYTHON to an interpreter.';
  if (!best) {
    const seen = found.map(({ version, path }) => `${version.join('.')} (${path})`).join(', ') || 'none';
    const where = named ? `PYTHON=${named} is none that works` : 'none on the PATH that works';
    throw new SetUpError(
      `Python ${OLDEST.join('.')} to ${NEWEST.join('.')} is needed: ${where}; found: ${seen}.\n${install}`,
    );
  }
  if (!best.pip) {
    throw new SetUpError(`Python ${best.version.join('.')} (${best.path}) has no pip.\n${install}`);
  }
  return best.path;
}
