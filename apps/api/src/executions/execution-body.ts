import type { CompletedExecution } from '@pycell/sandbox';

/**
 * Returns the body of a 200: the result goes in as the text that Python wrote, so that big integers, floats and the
 * order of keys survive. The sandbox has checked that the text is one JSON value.
 */
export function executionBody({ resultJson, stdout, stderr, execution }: CompletedExecution): string {
  const rest = JSON.stringify({ stdout, stderr, execution });
  return `{"result":${resultJson.toString('utf8')},${rest.slice(1)}`;
}
