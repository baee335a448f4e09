/** One batch of test modules: bare, by the interpreter of the sandbox, and then inside, through POST /execute. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../set-up/commands.mjs';

const HARNESS = readFileSync(new URL('harness.py', import.meta.url), 'utf8');
/** All passed, or some failed; else pytest has not run them: a module could not be collected, say. */
const HAS_RUN = [0, 1];
const NOT_COLLECTED = 'pytest ended with status';
/** So many that differ are run again, each alone: one that fills /tmp has others fail that come behind it. */
const MOST_AGAIN = 100;
/** Functions of one run inside, by the time that they took bare: far within the limit of the service. */
const GROUP_SECONDS = 12;

/** @param only the names of the functions to run; null: all, watched for what they need */
function scriptFor(modules, only) {
  const job = `{"modules": ${JSON.stringify(modules)}, "only": ${only ? `set(${JSON.stringify(only)})` : 'None'}`;
  return HARNESS.replace(/^JOB = .*$/m, () => `JOB = ${job}, "watched": ${only ? 'False' : 'True'}}`);
}

/** @returns the functions of the modules and what came of each; null where pytest itself failed */
export async function runBare({ python, packages }, modules) {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-compat-'));
  try {
    const file = join(folder, 'harness.py');
    writeFileSync(file, scriptFor(modules, null));
    // As in the jail: no settings and no packages (-S) of this host, a home of its own.
    const env = {
      ...{ PATH: '/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8', TZ: 'UTC' },
      ...{ PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1', OPENBLAS_NUM_THREADS: '1' },
    };
    const { output } = await run(python, ['-S', file], { env, cwd: folder });
    const answer = output.split('\n').findLast((line) => line.startsWith('{"status"'));
    const { status, functions } = answer === undefined ? { status: -1 } : JSON.parse(answer);
    return HAS_RUN.includes(status) ? functions : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Functions that passed bare and need nothing that a sandbox does not have. */
export function sampleOf(functions) {
  const entries = Object.entries(functions);
  return new Map(
    entries.filter(
      ([, { passed, failed, needs }]) => passed > 0 && failed.length === 0 && needs.length === 0,
    ),
  );
}

/**
 * @param bare the sample; functions of modules that cannot be collected without what a sandbox does not have leave it
 * @returns {Promise<Map<string, string>>} what differs: the function and what was seen
 */
export async function runInside(port, bare) {
  const differences = new Map();
  for (const group of groupsOf(bare)) {
    const differing = await differencesIn(port, bare, group);
    for (const [place, [name, seen]] of [...differing].entries()) {
      const again = place < MOST_AGAIN ? await differencesIn(port, bare, [name]) : new Map([[name, seen]]);
      for (const [, alone] of again) {
        if (alone.startsWith(NOT_COLLECTED) && bare.get(name).module) bare.delete(name);
        else differences.set(name, alone);
      }
    }
  }
  return differences;
}

async function differencesIn(port, bare, group) {
  const { functions, failure } = await execute(port, scriptFor(modulesOf(group), group));
  const seen = group.map((name) => [name, differenceOf(bare.get(name), functions?.[name], failure)]);
  return new Map(seen.filter(([, difference]) => difference !== null));
}

function groupsOf(bare) {
  const groups = [];
  let seconds = Infinity;
  for (const [name, record] of bare) {
    if (seconds + record.seconds > GROUP_SECONDS) {
      groups.push([]);
      seconds = 0;
    }
    groups.at(-1).push(name);
    seconds += record.seconds;
  }
  return groups;
}

function modulesOf(names) {
  return [...new Set(names.map((name) => name.split('::', 1)[0]))];
}

async function execute(port, script) {
  const response = await fetch(`http://127.0.0.1:${port}/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ script }),
  });
  const body = await response.json();
  if (response.status === 200) {
    const { status, functions } = body.result;
    return HAS_RUN.includes(status) ? { functions } : { failure: `${NOT_COLLECTED} ${status}` };
  }
  return { failure: `the run ended with ${body.code}: ${body.error}` };
}

function differenceOf(bare, inside, failure) {
  if (!inside) return failure ?? 'did not run inside';
  if (inside.failed.length > 0) return inside.failed[0];
  if (inside.passed === bare.passed) return null;
  return `${inside.passed} cases passed inside, ${bare.passed} bare; ${inside.skipped} skipped inside, ${bare.skipped} bare`;
}
