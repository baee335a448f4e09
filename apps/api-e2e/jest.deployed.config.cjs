/**
 * Suites for a service that runs already, somewhere: `PYCELL_BASE_URL=http://... jest -c jest.deployed.config.cjs smoke`.
 * `smoke` wants default settings, `containment` those of src/containment/containment.ts.
 */
module.exports = {
  ...require('../../jest.preset.cjs')(__dirname, 'deployed'),
  testMatch: ['<rootDir>/src/deployed/*.deployed-spec.ts'],
  testTimeout: 120_000,
};
