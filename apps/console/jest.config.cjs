const preset = require('../../jest.preset.cjs');

/** The page's parts in a simulated browser, the server's in Node. */
module.exports = {
  projects: [
    {
      displayName: 'console',
      preset: 'jest-preset-angular',
      rootDir: __dirname,
      testMatch: ['<rootDir>/src/**/*.spec.ts'],
      setupFilesAfterEnv: ['<rootDir>/src/testing/set-up.ts', `${__dirname}/../../jest.second-attempt.cjs`],
      transform: {
        '^.+\\.(ts|js|mjs|html|svg)$': [
          'jest-preset-angular',
          {
            tsconfig: `${__dirname}/tsconfig.spec.json`,
            stringifyContentPathRegex: '\\.(html|svg)$',
            // Types are checked by the `typecheck` target.
            diagnostics: false,
          },
        ],
      },
      moduleNameMapper: { '\\.wasm$': '<rootDir>/src/testing/file-address.cjs' },
    },
    {
      ...preset(__dirname, 'console server'),
      testMatch: ['<rootDir>/server/**/*.spec.ts'],
      transform: {
        '^.+\\.ts$': ['ts-jest', { tsconfig: `${__dirname}/tsconfig.server.json`, diagnostics: false }],
      },
    },
  ],
};
