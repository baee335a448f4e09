/**
 * How many times longer than on a quiet machine tests wait for what only guards against hanging; at least 1. `.ci/run` sets
 * PYCELL_PATIENCE: a machine that was quick at first may be slow later on.
 */
const PATIENCE = Math.max(1, Number(process.env['PYCELL_PATIENCE']) || 1);

module.exports = { PATIENCE };
