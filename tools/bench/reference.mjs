/** What the same machine needs for the bare work, in the same run: the yardstick for every other figure. */
import { run } from '../set-up/commands.mjs';

/** Bare interpreter start, and bare import of pandas, as whole processes without any isolation. */
export const REFERENCES = [
  { name: 'python3 -c pass', code: 'pass' },
  { name: 'python3 -c "import pandas"', code: 'import pandas' },
];

/** Returns how long one whole process took, milliseconds. */
export async function timeReference({ python, packages }, { code }) {
  const since = performance.now();
  const prelude = `import sys; sys.path.append(${JSON.stringify(packages)}); `;
  const { status, output } = await run(python, ['-I', '-S', '-B', '-c', prelude + code]);
  if (status !== 0) {
    throw new Error(`The reference failed: ${output}`);
  }
  return performance.now() - since;
}
