module.exports = {
  ...require('../../jest.preset.cjs')(__dirname, 'api-e2e'),
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  // A run has ten seconds, and a suite starts servers of its own.
  testTimeout: 60_000,
};
