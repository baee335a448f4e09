/** The tests that lie in infra/: manifests, the seccomp profile, scripts. They need no engine. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../set-up/commands.mjs';
import { findPython } from '../../set-up/python.mjs';
import { ROOT } from '../../set-up/places.mjs';
import { note } from '../../set-up/progress.mjs';

const FOLDER = join(ROOT, 'infra/tests');

export async function infra({ tally }) {
  const PYTHON = await findPython({ mayInstall: process.env.CI === 'true' });
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.test.mjs'));
  const args = ['--test', '--test-reporter=tap', ...files];
  const { status, output } = await run(process.execPath, args, {
    cwd: FOLDER,
    env: { ...process.env, PYTHON },
  });
  const count = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const failed = Math.max(count('fail'), status === 0 && count('pass') > 0 ? 0 : 1);
  tally.add('tests of infra', { passed: count('pass'), failed, skipped: count('skipped') });
  if (failed > 0) {
    note(output.slice(0, 10_000));
  }
}
