/** Runs tests of ours that need nothing but Node, and counts them from what its runner reports. */
import { readdirSync } from 'node:fs';
import { run } from '../set-up/commands.mjs';
import { note } from '../set-up/progress.mjs';

/** Runs the `*.test.mjs` of a folder. @param tally @param env for those that need to be told something */
export async function runNodeTests(tally, name, folder, env = process.env) {
  const files = readdirSync(folder).filter((file) => file.endsWith('.test.mjs'));
  const args = ['--test', '--test-reporter=tap', ...files];
  const { status, output } = await run(process.execPath, args, { cwd: folder, env });
  const count = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const failed = Math.max(count('fail'), status === 0 && count('pass') > 0 ? 0 : 1);
  const failures = Array.from(output.matchAll(/^ *not ok \d+ - (.+)$/gm), ([, test]) => test);
  tally.add(name, { passed: count('pass'), failed, skipped: count('skipped'), failures });
  if (failed > 0) {
    note(output.slice(0, 10_000));
  }
}
