/** Looks for the interpreters of this host and asks each what it is. Which of them is taken is for `python.mjs` to say. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { run } from './commands.mjs';

/** Minor versions of Python 3 that there are wheels for, with hashes in the requirements; the newest first. */
export const SUPPORTED_MINORS = [14, 13, 12, 11];

const NAMES = ['python3', ...SUPPORTED_MINORS.map((minor) => `python3.${minor}`), 'python'];
/** Only spares starts of what is too old: what a folder is called is not believed. */
const PYENV_FOLDER = new RegExp(`^3\\.(${SUPPORTED_MINORS.join('|')})\\b`);

/** Parts that builds from source lack where a library of the host was missing; packages and scripts need them. */
const QUESTION = `
import importlib.util, json, sys
parts = ("pip", "_ssl", "_ctypes", "_decimal", "_sqlite3")
print(json.dumps({
    "path": sys.executable,
    "version": list(sys.version_info[:3]),
    "level": sys.version_info[3],
    "implementation": sys.implementation.name,
    "flags": getattr(sys, "abiflags", ""),
    "lacks": [name.strip("_") for name in parts if importlib.util.find_spec(name) is None],
}))`;

/**
 * @typedef {object} Interpreter what one said of itself
 * @property {string} path
 * @property {[number, number, number]} version
 * @property {string} level `final`, or which kind of prerelease
 * @property {string} implementation
 * @property {string} flags `t` for free-threaded, `d` for debug builds
 * @property {string[]} lacks parts that are not there, pip among them
 * @property {string} where in words, where it was found
 */

/** @returns {Promise<Interpreter | null>} null where it does not run, such as a shim of a version that is not active */
export async function askInterpreter(file, where) {
  const { status, output } = await run(file, ['-I', '-c', QUESTION]);
  // A program in front of it may have had something to say besides.
  const [said] = output.match(/^\{.*\}$/m) ?? [];
  const answer = status === 0 && said ? JSON.parse(said) : null;
  return answer && existsSync(answer.path) ? { ...answer, where } : null;
}

/** All that answer, those of the PATH first, in its order; then pyenv's, the highest patch first. */
export async function findInterpreters(environment = process.env) {
  const asked = listFiles(environment).map(({ file, where }) => askInterpreter(file, where));
  return (await Promise.all(asked)).filter((answer) => answer !== null);
}

/** Each file once, though links and folders may lead to it several times. */
function listFiles({ PATH = '', PYENV_ROOT }) {
  const pyenv = resolve(PYENV_ROOT || join(homedir(), '.pyenv'));
  const files = new Map();
  const add = (file, where) => {
    if (existsSync(file) && !files.has(identityOf(file))) {
      files.set(identityOf(file), { file, where });
    }
  };
  const addPyenv = () =>
    pyenvFolders(pyenv).forEach((folder) => add(join(folder, 'bin/python3'), "in pyenv's folder"));
  for (const folder of PATH.split(delimiter).filter(isAbsolute)) {
    if (resolve(folder) === join(pyenv, 'shims')) {
      // They are slow to start, and lead to what lies there.
      addPyenv();
    } else {
      NAMES.forEach((name) => add(join(folder, name), 'on the PATH'));
    }
  }
  addPyenv();
  return [...files.values()];
}

function identityOf(file) {
  if (existsSync(join(dirname(file), '../pyvenv.cfg'))) {
    // A virtual environment's is a link to another interpreter, which may have no pip.
    return realpathSync(dirname(file));
  }
  const real = realpathSync(file);
  // One program may stand behind many names, and go by them.
  return basename(real).startsWith('python') ? real : file;
}

function pyenvFolders(pyenv) {
  const versions = join(pyenv, 'versions');
  const names = existsSync(versions) ? readdirSync(versions).filter((name) => PYENV_FOLDER.test(name)) : [];
  return names
    .sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))
    .map((name) => join(versions, name));
}
