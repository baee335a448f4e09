const { PATIENCE } = require('../../tools/services/patience.cjs');

module.exports = {
  ...require('../../jest.preset.cjs')(__dirname, 'api-e2e'),
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  // Finds out once whether this host can jail, for all spec files.
  globalSetup: '<rootDir>/src/harness/global-setup.ts',
  // Every spec file starts servers of its own. Three at once were measured: they take as long as two, and each other's time.
  maxWorkers: 2,
  // A run has ten seconds, and a suite starts servers of its own. It is longer where tests have more patience, see harness/api-server.ts.
  testTimeout: 60_000 * PATIENCE,
};
