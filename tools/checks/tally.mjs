/** Counts what the checks really did: from the reports that the test runners write, never from exit codes alone. */
import { existsSync, readFileSync } from 'node:fs';

export class Tally {
  #rows = [];

  add(name, { passed, failed, skipped = 0 }) {
    this.#rows.push({ name, passed, failed, skipped });
  }

  /** A check that is one yes or no. */
  addCheck(name, ok) {
    this.add(name, { passed: ok ? 1 : 0, failed: ok ? 0 : 1 });
  }

  /** A jest report. A missing or empty one is a failure: nothing was tested. */
  addJest(name, file) {
    if (!existsSync(file)) {
      this.add(name, { passed: 0, failed: 1 });
      return;
    }
    const report = JSON.parse(readFileSync(file, 'utf8'));
    // A suite that could not even be loaded counts as one failure beside the tests that failed.
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    this.add(name, {
      passed: report.numPassedTests,
      failed: failed + (report.numTotalTests === 0 ? 1 : 0),
      skipped: report.numPendingTests + report.numTodoTests,
    });
  }

  /** The closing lines of Python's unittest: `Ran N tests`, then OK or FAILED with numbers. */
  addUnittest(name, output, status) {
    const ran = Number(/^Ran (\d+) tests? in/m.exec(output)?.[1] ?? 0);
    const number = (what) =>
      Number(new RegExp(`\\b${what}=(\\d+)`).exec(output.split(/^Ran /m)[1] ?? '')?.[1] ?? 0);
    const skipped = number('skipped');
    const broken = number('failures') + number('errors') + number('unexpected successes');
    const failed = broken || (status !== 0 || ran === 0 ? 1 : 0);
    this.add(name, { passed: Math.max(0, ran - skipped - broken), failed, skipped });
  }

  get failed() {
    return this.#rows.reduce((sum, row) => sum + row.failed, 0);
  }

  print() {
    console.log('');
    for (const { name, passed, failed, skipped } of this.#rows) {
      console.log(`${failed ? 'FAILED' : 'ok    '}  ${name.padEnd(28)} ${line({ passed, failed, skipped })}`);
    }
    console.log('');
    const sum = (key) => this.#rows.reduce((total, row) => total + row[key], 0);
    console.log(line({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }));
  }
}

function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
