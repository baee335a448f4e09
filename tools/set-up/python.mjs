/** Chooses the Python that scripts will run on: the newest that is supported and whole, unless PYTHON names one. */
import { installDebianPackages } from './debian.mjs';
import { askInterpreter, findInterpreters, SUPPORTED_MINORS } from './interpreters.mjs';
import { SetUpError } from './progress.mjs';

const RANGE = `3.${SUPPORTED_MINORS.at(-1)} to 3.${SUPPORTED_MINORS[0]}`;
const INSTALL =
  'Debian and Ubuntu: apt-get install python3 python3-pip. Elsewhere: set PYTHON to an interpreter.';

/** For people. @param {import('./interpreters.mjs').Interpreter} python */
export const describePython = ({ version, path }) => `${version.join('.')} (${path})`;

function isSupported({ implementation, version: [major, minor] }) {
  return implementation === 'cpython' && major === 3 && SUPPORTED_MINORS.includes(minor);
}

/** Why one that was not asked for by name is passed over, in words; null where it can be taken. */
function reasonAgainst(python) {
  if (python.implementation !== 'cpython') return `it is ${python.implementation}`;
  if (!isSupported(python)) return `${RANGE} is supported`;
  if (python.level !== 'final') return `it is a prerelease (${python.level})`;
  if (python.flags.includes('t')) return 'it is free-threaded';
  if (python.flags.includes('d')) return 'it is a debug build';
  return python.lacks.length > 0 ? `it lacks ${python.lacks.join(', ')}` : null;
}

function isUsable({ lacks, ...python }) {
  return reasonAgainst({ ...python, lacks: [] }) === null && !lacks.includes('pip');
}

/** Patch versions do not count: of equal ones the first stays first. */
const byNewest = ({ version: one }, { version: other }) => other[0] - one[0] || other[1] - one[1];

/**
 * @param {import('./interpreters.mjs').Interpreter[]} found in the order in which equal ones are preferred
 * @returns the one to take, if any, and those that would have come before it, each with its `reason`
 */
export function choosePython(found) {
  const judged = found.map((python) => ({ ...python, reason: reasonAgainst(python) })).sort(byNewest);
  // Where there is no better one, scripts can do without a part; the set-up cannot do without pip.
  const chosen = judged.find(({ reason }) => reason === null) ?? judged.find(isUsable);
  return { chosen, passedOver: chosen ? judged.slice(0, judged.indexOf(chosen)) : judged };
}

/** Of each supported minor version of this host the one that would be taken if there were no other; the newest first. */
export async function findEachMinor() {
  const found = await findInterpreters();
  return SUPPORTED_MINORS.map(
    (minor) => choosePython(found.filter(({ version }) => version[0] === 3 && version[1] === minor)).chosen,
  ).filter((python) => python !== undefined);
}

/** @throws SetUpError where it cannot be used. Prereleases and other builds can: whoever names one means it. */
async function namedPython(name) {
  const python = await askInterpreter(name, 'named by PYTHON');
  if (!python) {
    throw new SetUpError(`PYTHON=${name} does not run. Set it to an interpreter, Python ${RANGE}.`);
  }
  if (!isSupported(python)) {
    const what = python.implementation === 'cpython' ? '' : ` of ${python.implementation}`;
    throw new SetUpError(`PYTHON=${name} is ${describePython(python)}${what}: CPython ${RANGE} is needed.`);
  }
  if (python.lacks.includes('pip')) {
    throw new SetUpError(`Python ${describePython(python)} has no pip.\n${INSTALL}`);
  }
  return python;
}

/**
 * Returns the interpreter to use, and newer ones that were passed over.
 * @param mayInstall whether Debian packages may be installed to get one
 * @throws SetUpError where there is none
 */
export async function findPython({ mayInstall }) {
  if (process.env.PYTHON) {
    return { chosen: await namedPython(process.env.PYTHON), passedOver: [] };
  }
  let choice = choosePython(await findInterpreters());
  if (!choice.chosen && (await installDebianPackages(['python3', 'python3-pip'], { mayInstall }))) {
    choice = choosePython(await findInterpreters());
  }
  if (!choice.chosen) {
    const seen = choice.passedOver.map((python) => `${describePython(python)}: ${python.reason}`);
    throw new SetUpError(
      `Python ${RANGE} with pip is needed, and there is none on the PATH or in pyenv's folder.\n` +
        `${seen.map((line) => `Found ${line}.\n`).join('')}${INSTALL}`,
    );
  }
  return choice;
}
