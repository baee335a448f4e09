module.exports = {
  ...require('../../jest.preset.cjs')(__dirname, 'api-e2e'),
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  // Finds out once whether this host can jail, for all spec files.
  globalSetup: '<rootDir>/src/harness/global-setup.ts',
  // Every spec file starts servers of its own. Of their time two files together compute for 57 %, and wait: three keep two processors busy.
  maxWorkers: 3,
  // A run has ten seconds, and a suite starts servers of its own. It is longer where tests have more patience, see harness/api-server.ts.
  testTimeout: 60_000 * Math.max(1, Number(process.env.PYCELL_PATIENCE) || 1),
};
