/** Checks types (mypy, strict) and lint (pyflakes) of the Python code, with tools of their own folder. */
import { join } from 'node:path';
import { run } from '../set-up/commands.mjs';
import { MADE, ROOT } from '../set-up/places.mjs';

/** What is checked, folder by folder, as the code sees itself when it runs. */
const SOURCES = [
  { folder: 'apps/runner', paths: ['__main__.py', 'pycell_runner'] },
  { folder: 'tools/sandbox-root', paths: ['build.py', 'pin_requirements.py', 'sandbox_root'] },
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
