const { PATIENCE } = require('../../tools/services/patience.cjs');

module.exports = {
  ...require('../../jest.preset.cjs')(__dirname, 'console-e2e'),
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  // One API and one console for all spec files, a browser for each worker; those that need others start them.
  globalSetup: '<rootDir>/src/harness/global-setup.ts',
  globalTeardown: '<rootDir>/src/harness/global-teardown.ts',
  // Four at once were measured: 659 s instead of 715 s, and each page is slower.
  maxWorkers: 2,
  testTimeout: 60_000 * PATIENCE,
};
