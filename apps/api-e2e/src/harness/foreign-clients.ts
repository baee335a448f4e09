import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { INSTALLED } from './installed-sandbox';

const run = promisify(execFile);
const CHECKOUT = resolve(__dirname, '../../../..');
/** Pins, locks and programs of the clients. */
const CLIENTS = join(CHECKOUT, 'apps/api-e2e/clients');
const MADE = join(CHECKOUT, '.pycell/foreign-clients');
const PYTHON_MADE = join(MADE, 'python');
const NPM_MADE = join(MADE, 'npm');
/** Says for which lock the folder was made. */
const NPM_MARK = join(NPM_MADE, 'made-for');
const RUN_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 240_000;

/** Environment of a program that is a client. */
type Environment = Readonly<Record<string, string>>;

/** Installs clients of npm as they are published, by their lock, where that has not been done. */
export async function installNpmClients(): Promise<void> {
  const lock = readFileSync(join(CLIENTS, 'package-lock.json'));
  const mark = createHash('sha256').update(lock).digest('hex');
  if (existsSync(NPM_MARK) && readFileSync(NPM_MARK, 'utf8') === mark) {
    return;
  }
  rmSync(NPM_MADE, { recursive: true, force: true });
  mkdirSync(NPM_MADE, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(join(CLIENTS, name), join(NPM_MADE, name));
  }
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', args, { cwd: NPM_MADE, timeout: INSTALL_TIMEOUT_MS });
  writeFileSync(NPM_MARK, mark);
}

/** The same for clients of PyPI, by their hashes. */
export async function installPythonClients(): Promise<void> {
  const builder = join(CHECKOUT, 'tools/sandbox-root/build.py');
  const requirements = join(CLIENTS, 'requirements.txt');
  const args = [builder, 'packages', '--requirements', requirements, '--output', PYTHON_MADE];
  await run(INSTALLED.python, args, { timeout: INSTALL_TIMEOUT_MS });
}

/** Runs a program that uses a client of npm, and returns what it printed, as JSON. */
export function runNpmClient<T>(program: string, environment: Environment): Promise<T> {
  const file = join(NPM_MADE, program);
  // Beside the packages: by that place it finds them.
  copyFileSync(join(CLIENTS, program), file);
  return outputOf(process.execPath, [file], environment);
}

/** The same for one of PyPI. */
export function runPythonClient<T>(program: string, environment: Environment): Promise<T> {
  return outputOf(INSTALLED.python, [join(CLIENTS, program)], { PYTHONPATH: PYTHON_MADE, ...environment });
}

async function outputOf<T>(file: string, args: readonly string[], environment: Environment): Promise<T> {
  // An environment of its own: no proxy of ours, and no key of somebody who tests.
  const env = { PATH: process.env['PATH'] ?? '', HOME: MADE, ...environment };
  const { stdout } = await run(file, [...args], {
    env,
    timeout: RUN_TIMEOUT_MS,
    maxBuffer: 16 * 1024 * 1024,
  });
  return JSON.parse(stdout) as T;
}
