/** One batch of test modules: bare, by the interpreter of the sandbox, and then inside, through POST /execute. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../set-up/commands.mjs';

const HARNESS = readFileSync(new URL('harness.py', import.meta.url), 'utf8');
/** Functions of one run inside, by the time that they took bare: far within the limit of the service. */
const GROUP_SECONDS = 12;

function scriptFor(tests, isWatched) {
  const list = JSON.stringify(tests);
  return HARNESS.replace(
    /^JOB = .*$/m,
    `JOB = {"tests": ${list}, "watched": ${isWatched ? 'True' : 'False'}}`,
  );
}

/** @returns the functions of the modules and what came of each; null where pytest itself failed */
export async function runBare({ python, packages }, modules) {
  const folder = mkdtempSync(join(tmpdir(), 'pycell-compat-'));
  try {
    const file = join(folder, 'harness.py');
    writeFileSync(file, scriptFor(modules, true));
    // As in the jail: no settings and no packages (-S) of this host, a home of its own.
    const env = {
      ...{ PATH: '/usr/bin:/bin', HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8', TZ: 'UTC' },
      ...{ PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1', OPENBLAS_NUM_THREADS: '1' },
    };
    const { output } = await run(python, ['-S', file], { env, cwd: folder });
    const answer = output.split('\n').findLast((line) => line.startsWith('{"status"'));
    return answer === undefined ? null : JSON.parse(answer).functions;
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

/** @param bare the sample @returns {Promise<Map<string, string>>} what differs: the function and what was seen */
export async function runInside(port, bare) {
  const differences = new Map();
  for (const group of groupsOf(bare)) {
    const { functions, failure } = await execute(port, scriptFor(group, false));
    for (const name of group) {
      const seen = differenceOf(bare.get(name), functions?.[name], failure);
      if (seen !== null) differences.set(name, seen);
    }
  }
  return differences;
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

async function execute(port, script) {
  const response = await fetch(`http://127.0.0.1:${port}/execute`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ script }),
  });
  const body = await response.json();
  if (response.status === 200) return { functions: body.result.functions };
  return { failure: `the run ended with ${body.code}: ${body.error}` };
}

function differenceOf(bare, inside, failure) {
  if (!inside) return failure ?? 'did not run inside';
  if (inside.failed.length > 0) return inside.failed[0];
  if (inside.passed === bare.passed) return null;
  return `${inside.passed} cases passed inside, ${bare.passed} bare; ${inside.skipped} skipped inside, ${bare.skipped} bare`;
}
