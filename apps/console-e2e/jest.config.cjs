module.exports = {
  ...require('../../jest.preset.cjs')(__dirname, 'console-e2e'),
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  // One API, one console and one browser for all spec files; those that need others start them.
  globalSetup: '<rootDir>/src/harness/global-setup.ts',
  globalTeardown: '<rootDir>/src/harness/global-teardown.ts',
  setupFilesAfterEnv: ['<rootDir>/src/harness/second-attempt.ts'],
  // A browser uses several processors by itself; more at once would only measure each other.
  maxWorkers: 1,
  testTimeout: 60_000,
};
