/** Checks the Python code: types (mypy, strict) and lint (pyflakes) with tools of their own folder, and its tests. */
import { join } from 'node:path';
import { run } from '../set-up/commands.mjs';
import { MADE, ROOT } from '../set-up/places.mjs';

/** What is checked, folder by folder, as the code sees itself when it runs. */
const SOURCES = [
  { folder: 'apps/runner', paths: ['__main__.py', 'pycell_runner'] },
  { folder: 'tools/sandbox-root', paths: ['build.py', 'sandbox_root'] },
  { folder: 'infra/tests', paths: ['validate.py'] },
];

async function check(record, tally, name, args) {
  const tools = join(MADE, 'checks');
  const env = { ...process.env, PYTHONPATH: tools, PYTHONDONTWRITEBYTECODE: '1' };
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

/** @param record what the set-up made */
export async function checkPythonCode(record, tally) {
  const { status, output } = await run(record.python, [
    join(ROOT, 'tools/sandbox-root/build.py'),
    'packages',
    ...['--requirements', join(ROOT, 'tools/checks/python-requirements.txt')],
    ...['--output', join(MADE, 'checks')],
  ]);
  if (status !== 0) {
    process.stdout.write(output);
    tally.addCheck('tools for Python', false);
    return;
  }
  const cache = ['--cache-dir', join(MADE, 'mypy-cache')];
  await check(record, tally, 'types of Python (mypy)', ['-m', 'mypy', '--strict', ...cache]);
  await check(record, tally, 'lint of Python (pyflakes)', ['-m', 'pyflakes']);
}

/** The folders with tests, and what each is called in the tally. */
const SUITES = [
  { name: 'runner', folder: 'apps/runner' },
  { name: 'sandbox-root', folder: 'tools/sandbox-root' },
];

/** @param record what the set-up made */
export async function runPythonTests(record, tally) {
  for (const { name, folder } of SUITES) {
    const env = {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      PYCELL_PACKAGES: record.packages,
      // Not in PYTHONPATH: the runs that the tests start must not find it.
      PYCELL_CHECKS: join(MADE, 'checks'),
      ...(record.nsjail && { NSJAIL_PATH: record.nsjail }),
    };
    const args = ['-m', 'unittest', 'discover', '-s', `${folder}/tests`, '-t', folder];
    const { status, output } = await run(record.python, args, { env });
    if (status !== 0) {
      process.stdout.write(output);
    }
    tally.addUnittest(`${name} (unittest)`, output, status);
  }
}
