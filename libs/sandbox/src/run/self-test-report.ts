import type { SelfTestCheck } from '@pycell/contracts';

/** What an isolation self-test found. */
export interface SelfTestReport {
  readonly passed: boolean;
  /** A run told that a promise is not kept. Otherwise a failed test could not be made: the sandbox is slow, or gone. */
  readonly breached: boolean;
  readonly checks: readonly SelfTestCheck[];
  /** Why it failed, for the log; empty when it passed. */
  readonly cause: string;
  /** When it was made. */
  readonly at: Date;
}

/** Returns the report for checks that were made. */
export function reportOf(checks: readonly SelfTestCheck[]): SelfTestReport {
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  const cause = failed.length === 0 ? '' : `the isolation self-test failed: ${failed.join(', ')}`;
  return { passed: failed.length === 0, breached: failed.length > 0, checks, cause, at: new Date() };
}

/** Returns the report for a self-test that could not be made. `cause` is for the log. */
export function failedReport(cause: string): SelfTestReport {
  return { passed: false, breached: false, checks: [{ name: 'run', passed: false }], cause, at: new Date() };
}
