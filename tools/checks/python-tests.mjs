/** Runs Python's unittest for the runner and for the builder of the sandbox root. */
import { run } from '../set-up/commands.mjs';

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
