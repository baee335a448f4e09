/** The variable by which the global set-up tells the spec files why the jail does not work; empty: it works. */
export const JAIL_FAULT = 'PYCELL_E2E_JAIL_FAULT';

/** Whether this run promised to test the jail: then a host that cannot is a failure, not a skip. */
export function isJailRequired(): boolean {
  return process.env['CI'] === 'true' || process.env['PYCELL_REQUIRE_JAIL'] === 'true';
}

/** `describe` for suites of BUILD=cloud: skipped where the jail cannot work, failing where it was promised to. */
export function describeCloud(name: string, suite: () => void): void {
  const fault = process.env[JAIL_FAULT] ?? 'the global set-up did not run';
  if (fault === '') {
    describe(name, suite);
  } else if (isJailRequired()) {
    describe(name, () => {
      it('runs on a host that can jail', () => {
        throw new Error(`The jail does not work on this host: ${fault}`);
      });
    });
  } else {
    describe.skip(name, suite);
  }
}

/** Defines one suite for each executor. */
export function describeEachBuild(name: string, suite: (build: 'local' | 'cloud') => void): void {
  describe(`${name} (BUILD=local)`, () => suite('local'));
  describeCloud(`${name} (BUILD=cloud)`, () => suite('cloud'));
}
