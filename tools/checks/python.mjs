/** Checks the Python code: types (mypy, strict) and lint (pyflakes) with tools of their own folder, and its tests. */
import { delimiter, join } from 'node:path';
import { BUILDER } from '../set-up/builder.mjs';
import { run } from '../set-up/commands.mjs';
import { MADE, ROOT } from '../set-up/places.mjs';

export const TOOLS = join(MADE, 'checks');

/** What is checked, folder by folder, as the code sees itself when it runs. */
const SOURCES = [
  { folder: 'apps/runner', paths: ['__main__.py', 'pycell_runner'] },
  { folder: 'tools/sandbox-root', paths: ['build.py', 'sandbox_root'] },
  { folder: 'infra/tests', paths: ['validate.py'] },
  { folder: 'clients/python/src', paths: ['pycell'] },
];

async function check(record, tally, name, args) {
  const env = { ...process.env, PYTHONPATH: TOOLS, PYTHONDONTWRITEBYTECODE: '1' };
  let ok = true;
  for (const { folder, paths } of SOURCES) {
    const { status, output } = await run(record.python, [...args, ...paths], {
      env,
      cwd: join(ROOT, folder),
    });
    if (status !== 0) {
      process.stdout.write(output);
      ok = false;
    }
  }
  tally.addCheck(name, ok);
}

/** What the checks and some tests need, installed for one interpreter. Returns whether that went well. */
export async function installCheckTools(python, output) {
  const requirements = join(ROOT, 'tools/checks/python-requirements.txt');
  const args = ['packages', '--requirements', requirements, '--output', output];
  const { status, output: said } = await run(python, [BUILDER, ...args]);
  if (status !== 0) {
    process.stdout.write(said);
  }
  return status === 0;
}

/** @param record what the set-up made */
export async function checkPythonCode(record, tally) {
  if (!(await installCheckTools(record.python, TOOLS))) {
    tally.addCheck('tools for Python', false);
    return;
  }
  const cache = ['--cache-dir', join(MADE, 'mypy-cache')];
  await check(record, tally, 'types of Python (mypy)', ['-m', 'mypy', '--strict', ...cache]);
  await check(record, tally, 'lint of Python (pyflakes)', ['-m', 'pyflakes']);
}

/** The folders with tests, and what each is called in the tally; `path` is what the tests import besides themselves. */
const SUITES = [
  { name: 'runner', folder: 'apps/runner' },
  { name: 'sandbox-root', folder: 'tools/sandbox-root' },
  { name: 'client', folder: 'clients/python', tests: 'tests/unit', path: ['clients/python/src'] },
];

/** @param record what the set-up made @param tools what `installCheckTools` made for the same interpreter */
export async function runPythonTests(record, tally, tools = TOOLS) {
  for (const { name, folder, tests = 'tests', path } of SUITES) {
    const env = {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      ...(path && { PYTHONPATH: [...path.map((each) => join(ROOT, each)), tools].join(delimiter) }),
      PYCELL_PACKAGES: record.packages,
      // Not in PYTHONPATH: the runs that the tests start must not find it.
      PYCELL_CHECKS: tools,
      ...(record.nsjail && { NSJAIL_PATH: record.nsjail }),
    };
    const args = ['-m', 'unittest', 'discover', '-s', `${folder}/${tests}`, '-t', folder];
    const { status, output } = await run(record.python, args, { env });
    if (status !== 0) {
      process.stdout.write(output);
    }
    const failed = status === 0 ? [] : failedTests(output);
    const isOne = failed.every((test) => !PROVES_ISOLATION.test(test));
    const late = isOne ? await passedAgain(record.python, join(ROOT, folder), failed, env) : [];
    tally.addUnittest(`${name} (unittest)`, output, status, late);
  }
}

/** Those have one attempt: an escape that succeeds now and then is one. */
const PROVES_ISOLATION = /^tests\.kernel\./;

/** The tests that unittest's output names as failed; none where a file or a class failed as a whole. */
export function failedTests(output) {
  const named = Array.from(output.matchAll(/^(?:FAIL|ERROR): (\S+) \(([\w.]+)\)/gm));
  return named.every(([, test, id]) => id.endsWith(`.${test}`))
    ? [...new Set(named.map(([, , id]) => id))]
    : [];
}

/**
 * Other work on a machine makes a test late: those that failed are tried once more, in the folder that their names begin at.
 * @returns all of them, where all passed, else none
 */
export async function passedAgain(python, cwd, tests, env) {
  if (tests.length === 0) {
    return [];
  }
  const { status, output } = await run(python, ['-m', 'unittest', ...tests], { env, cwd });
  process.stdout.write(output);
  return status === 0 ? tests : [];
}
