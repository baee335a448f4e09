/**
 * A browser, a page and a service on a machine that others use, too: a test that fails is tried once more, and what it
 * failed by is printed in any case. What fails twice is a failure.
 */
jest.retryTimes(1, { logErrorsBeforeRetry: true });
