module.exports = {
  ...require('../../jest.preset.cjs')(__dirname, 'console-e2e'),
  testMatch: ['<rootDir>/src/**/*.e2e-spec.ts'],
  // Each spec file starts servers and a browser of its own.
  maxWorkers: 1,
  testTimeout: 60_000,
};
