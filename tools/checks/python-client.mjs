/**
 * Builds the wheel of clients/python, installs it into a virtual environment of its own, and runs its tests there, against
 * services of this checkout as they were built. `npm test` calls it; by itself it does after `npm run setup`.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run } from '../set-up/commands.mjs';
import { MADE, RECORD, ROOT } from '../set-up/places.mjs';
import { failedTests, installCheckTools, passedAgain, TOOLS } from './python.mjs';
import { Tally } from './tally.mjs';

const require = createRequire(import.meta.url);
const { API_ANNOUNCEMENT, ServiceProcess } = require('../services/service-process.cjs');
const { eventually } = require('../services/eventually.cjs');

const CLIENT = join(ROOT, 'clients/python');
const FOLDER = join(MADE, 'python-client');
const READY_TIMEOUT_MS = 90_000; // of two services that begin at once, beside whatever else the machine does

/** Runs a program, and shows what it said where it failed. @throws Error */
async function must(what, file, args, options) {
  const { status, output } = await run(file, args, options);
  if (status !== 0) {
    throw new Error(`${what} failed:\n${output}`);
  }
  return output.trim();
}

/** Builds the wheel. @returns its file */
async function buildWheel(python) {
  const wheels = join(FOLDER, 'wheels');
  const env = { ...process.env, PYTHONPATH: TOOLS, PYTHONDONTWRITEBYTECODE: '1' };
  await must('The wheel', python, ['-m', 'hatchling', 'build', '-t', 'wheel', '-d', wheels], {
    cwd: CLIENT,
    env,
  });
  return join(
    wheels,
    readdirSync(wheels).find((name) => name.endsWith('.whl')),
  );
}

/**
 * Makes a virtual environment with the wheel in it. What the wheel needs is in the folder of the tools, at the versions that are pinned
 * there. @returns its interpreter
 */
async function installWheel(python, wheel) {
  const place = join(FOLDER, 'venv');
  const own = join(place, 'bin/python');
  await must('The virtual environment', python, ['-m', 'venv', '--without-pip', place]);
  const pip = ['-m', 'pip', '--python', own, 'install', '--quiet', '--no-index', '--no-deps', wheel];
  await must('The installation', python, pip);
  const ask = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  writeFileSync(join(await must('The environment', own, ['-I', '-c', ask]), 'tools.pth'), `${TOOLS}\n`);
  return own;
}

/** Starts a service, and waits until it can execute scripts. @param started gets it @returns its address */
async function startService(environment, started) {
  const build = process.env.PYCELL_SKIP_JAIL === 'true' ? 'local' : 'cloud';
  const service = new ServiceProcess({
    script: 'dist/apps/api/main.js',
    environment: { PORT: '0', HOST: '127.0.0.1', METRICS_PORT: 'off', BUILD: build, ...environment },
  });
  started.push(service);
  const url = (await service.announced(API_ANNOUNCEMENT)).replace(/\/$/, '');
  const ask = async () => (await fetch(`${url}/health/ready`)).status;
  await eventually(ask, (status) => status === 200, READY_TIMEOUT_MS);
  return url;
}

/** A service as it is, and one that wants a key and has one place for scripts. @returns what the tests are told of them */
async function startServices(started) {
  const key = `pycell_${randomBytes(32).toString('base64url')}`;
  const keys = join(FOLDER, 'keys.json');
  const sha256 = [createHash('sha256').update(key).digest('hex')];
  writeFileSync(
    keys,
    JSON.stringify({ keys: [{ name: 'tests', sha256, rate: { requests: 1000, seconds: 1 } }] }),
  );
  const [open, keyed] = await Promise.all([
    startService({ SCRIPT_POLICY: 'enforce' }, started),
    startService(
      { API_KEYS_FILE: keys, MAX_CONCURRENCY: '1', MAX_QUEUE: '1', QUEUE_TIMEOUT: '0.2' },
      started,
    ),
  ]);
  return { PYCELL_URL: open, PYCELL_KEYED_URL: keyed, PYCELL_KEYED_KEY: key };
}

/** @param record what the set-up made */
export async function checkPythonClient(record, tally) {
  const name = 'client, installed (unittest)';
  const started = [];
  try {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    const python = await installWheel(record.python, await buildWheel(record.python));
    const env = {
      ...process.env,
      ...(await startServices(started)),
      PYCELL_CHECKS: TOOLS,
      PYTHONDONTWRITEBYTECODE: '1',
    };
    delete env.PYTHONPATH;
    delete env.PYCELL_API_KEY;
    const args = ['-m', 'unittest', 'discover', '-s', 'tests/installed', '-t', '.'];
    const { status, output } = await run(python, args, { env, cwd: CLIENT });
    if (status !== 0) {
      process.stdout.write(output);
    }
    const failed = status === 0 ? [] : failedTests(output);
    tally.addUnittest(name, output, status, await passedAgain(python, CLIENT, failed, env));
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
    tally.addCheck(name, false);
  } finally {
    await Promise.all(started.map((service) => service.stop()));
  }
}

if (process.argv[1] === import.meta.filename) {
  const record = JSON.parse(readFileSync(RECORD, 'utf8'));
  const tally = new Tally();
  if (await installCheckTools(record.python, TOOLS)) {
    await checkPythonClient(record, tally);
  } else {
    tally.addCheck('tools for Python', false);
  }
  tally.print();
  process.exitCode = tally.failed === 0 ? 0 : 1;
}
