/* global expect, jest */
/**
 * Other work on a machine makes a test late: one that fails is tried once more, and what it failed by is printed in any case and
 * told again in the sums at the end. What fails twice is a failure. What proves isolation has one attempt: an escape that
 * succeeds now and then is one.
 */
const PROVES_ISOLATION =
  /containment|corpus|forgery|intruder|jail-|layers|neighbours|pairs|redis-writer|rolling-restart|faults\//;

if (!PROVES_ISOLATION.test(expect.getState().testPath ?? '')) {
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
