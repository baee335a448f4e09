module.exports = {
  ...require('../../jest.preset.cjs')(__dirname, 'api-client'),
  // Its tests wait for real connections, also on a machine that does other work besides.
  testTimeout: 30_000,
};
