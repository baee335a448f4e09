const { join } = require('node:path');

/**
 * The jest settings that every TypeScript project shares.
 * Types are checked by the `typecheck` target, so ts-jest only strips them (isolatedModules).
 */
module.exports = (rootDir, displayName) => ({
  displayName,
  rootDir,
  testEnvironment: 'node',
  setupFilesAfterEnv: [join(__dirname, 'jest.second-attempt.cjs')],
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  transform: {
    '^.+\\.ts$': ['ts-jest', { tsconfig: `${rootDir}/tsconfig.json`, diagnostics: false }],
  },
});
