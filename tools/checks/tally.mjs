/** Counts what the checks really did: from the reports that the test runners write, never from exit codes alone. */
import { existsSync, readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

/** Failed tests that are named beside the numbers; the report has them all. */
const MOST_NAMED = 10;

export class Tally {
  #rows = [];

  /** @param failures what failed, a line each @param late what passed at the second attempt only */
  add(name, { passed, failed, skipped = 0, failures = [], late = [] }) {
    this.#rows.push({ name, passed, failed, skipped, failures, late });
  }

  /** A check that is one yes or no. */
  addCheck(name, ok) {
    this.add(name, { passed: ok ? 1 : 0, failed: ok ? 0 : 1 });
  }

  /** All rows of another tally as one. */
  addSum(name, other) {
    const failures = other.#rows.flatMap((row) => (row.failed ? [row.name, ...row.failures] : []));
    const { passed, failed, skipped } = other;
    this.add(name, { passed, failed, skipped, failures });
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
      failures: report.testResults.flatMap(failedTests),
      late: report.testResults.flatMap(lateTests),
    });
  }

  /**
   * The closing lines of Python's unittest: `Ran N tests`, then OK or FAILED with numbers.
   * @param late all that failed, where all of it passed at the second attempt
   */
  addUnittest(name, output, status, late = []) {
    const ran = Number(/^Ran (\d+) tests? in/m.exec(output)?.[1] ?? 0);
    const number = (what) =>
      Number(new RegExp(`\\b${what}=(\\d+)`).exec(output.split(/^Ran /m)[1] ?? '')?.[1] ?? 0);
    const skipped = number('skipped');
    const broken = number('failures') + number('errors') + number('unexpected successes');
    if (late.length > 0) {
      this.add(name, { passed: ran - skipped, failed: 0, skipped, late });
      return;
    }
    const failed = broken || (status !== 0 || ran === 0 ? 1 : 0);
    const failures = Array.from(output.matchAll(/^(?:FAIL|ERROR): (.+)$/gm), ([, test]) => test);
    this.add(name, { passed: Math.max(0, ran - skipped - broken), failed, skipped, failures });
  }

  get last() {
    return this.#rows.at(-1);
  }

  get passed() {
    return this.#sum('passed');
  }

  get failed() {
    return this.#sum('failed');
  }

  get skipped() {
    return this.#sum('skipped');
  }

  #sum(key) {
    return this.#rows.reduce((sum, row) => sum + row[key], 0);
  }

  print() {
    console.log('');
    for (const { name, passed, failed, skipped, failures, late } of this.#rows) {
      console.log(`${failed ? 'FAILED' : 'ok    '}  ${name.padEnd(28)} ${line({ passed, failed, skipped })}`);
      // Here, too: of a long output, the end may be all that is kept.
      for (const failure of failures.slice(0, MOST_NAMED)) {
        console.log(`        ${failure}`);
      }
      for (const test of late) {
        console.log(`        at the second attempt: ${test}`);
      }
    }
    console.log('');
    console.log(line(this));
  }
}

function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

/** The lines of a failure that say why. */
function first(text) {
  return stripVTControlCharacters(text)
    .trim()
    .split(/\s*\n\s*/)
    .slice(0, 6)
    .join(' | ')
    .slice(0, 300);
}

/** The tests of a jest report's file that passed when they were tried again, each with what they failed by before. */
function lateTests({ assertionResults }) {
  return assertionResults
    .filter(({ status, invocations }) => status === 'passed' && invocations > 1)
    .map(({ fullName, retryReasons = [] }) => `${fullName}: ${first(retryReasons[0] ?? '')}`);
}

/**
 * The tests of a jest report's file that failed, each with the line that says why. Where the second attempt failed by something
 * else, what the first one met comes first: it is the cause, the other may only be what it left behind.
 */
function failedTests({ message, assertionResults }) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0) {
    return message ? [first(message)] : [];
  }
  return failed.map(({ fullName, failureMessages, retryReasons = [] }) => {
    const reasons = [retryReasons[0], failureMessages[0]].filter(Boolean).map(first);
    return `${fullName}: ${[...new Set(reasons)].join('; then, tried again: ')}`;
  });
}
