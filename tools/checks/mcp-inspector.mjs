/**
 * Asks a service of this checkout by the command line of MCP's inspector. It needs a newer Node than the service, and brings 160
 * packages: both are installed by a lock of their own into a folder of their own, and nothing of ours depends on them.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { npm } from '../set-up/commands.mjs';
import { MADE, ROOT } from '../set-up/places.mjs';
import { note } from '../set-up/progress.mjs';

const { API_ANNOUNCEMENT, ServiceProcess } = createRequire(import.meta.url)(
  '../services/service-process.cjs',
);

/** Pins and hashes of what is installed. */
const LOCKED = join(ROOT, 'tools/checks/mcp-inspector');
const FOLDER = join(MADE, 'mcp-inspector');
/** Says for which lock the folder was made. */
const STAMP = join(FOLDER, '.made-for');
const INSPECTOR = '@modelcontextprotocol/inspector';
/** The Node that it runs on, as npm has it for this processor. */
const NODE = `node-linux-${process.arch}`;
/** It starts in some seconds, and in many where the machine is loaded. */
const ANSWER_MS = 120_000;
const BIG = '123456789012345678901234567890';

/** What the inspector is asked, and what its answer must satisfy. */
const QUESTIONS = [
  {
    name: 'lists the tools',
    args: ['--method', 'tools/list'],
    isRight: ({ tools }) => tools.map(({ name }) => name).join() === 'run_python,validate_python',
  },
  {
    name: 'runs a script',
    args: ['--method', 'tools/call', '--tool-name', 'run_python', '--tool-arg', `script=[${BIG}] + ["ok"]`],
    isRight: ({ content, structuredContent, isError }) =>
      !isError && structuredContent.result[1] === 'ok' && content[0].text.includes(`[${BIG}, "ok"]`),
  },
  {
    name: 'shows what is wrong with one',
    args: ['--method', 'tools/call', '--tool-name', 'run_python', '--tool-arg', 'script=1/0'],
    isRight: ({ structuredContent, isError }) => isError && structuredContent.error.line === 1,
  },
];

async function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(LOCKED, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) {
    return true;
  }
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(join(LOCKED, name), join(FOLDER, name));
  }
  const { status, output } = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
  });
  if (status !== 0) {
    note(output.trim());
    return false;
  }
  writeFileSync(STAMP, wanted);
  return true;
}

function inspectorProgram() {
  const folder = join(FOLDER, 'node_modules', INSPECTOR);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : Object.values(bin)[0]);
}

/** Returns what the inspector says: JSON, whether or not a tool has failed. Notes for people are on its standard error. */
function ask(url, args) {
  const node = join(FOLDER, 'node_modules', NODE, 'bin/node');
  const command = [inspectorProgram(), '--cli', url, '--transport', 'http', ...args];
  // What it keeps of its own stays in its folder.
  const options = { cwd: FOLDER, env: { PATH: process.env.PATH, HOME: FOLDER }, timeout: ANSWER_MS };
  return new Promise((resolve) => {
    execFile(node, command, options, (error, stdout, stderr) => resolve(stdout || stderr || String(error)));
  });
}

/** Counts each question as one check. */
export async function checkByInspector(tally) {
  const name = 'MCP inspector (CLI)';
  if (!(await install())) {
    tally.add(name, { passed: 0, failed: QUESTIONS.length, failures: ['it cannot be installed'] });
    return;
  }
  const service = new ServiceProcess({
    script: 'dist/apps/api/main.js',
    environment: { PORT: '0', HOST: '127.0.0.1', METRICS_PORT: 'off', BUILD: 'cloud', INTERFACES: 'mcp' },
  });
  const failures = [];
  try {
    const url = new URL('/mcp', await service.announced(API_ANNOUNCEMENT)).href;
    for (const { name: question, args, isRight } of QUESTIONS) {
      const output = await ask(url, args);
      if (!isAnswered(output, isRight)) {
        failures.push(`${question}: ${output.slice(0, 500)}`);
      }
    }
  } catch (error) {
    failures.push(...QUESTIONS.slice(failures.length).map(() => String(error)));
  } finally {
    await service.stop();
  }
  tally.add(name, { passed: QUESTIONS.length - failures.length, failed: failures.length, failures });
}

function isAnswered(output, isRight) {
  try {
    return isRight(JSON.parse(output));
  } catch {
    // No JSON, or none of the form that is expected: it has not been answered.
    return false;
  }
}
