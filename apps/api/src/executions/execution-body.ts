import type { CompletedExecution } from '@pycell/sandbox';
import { artifactOf } from './artifacts';

/**
 * Returns the body of a 200 in pieces: the result is the text that Python wrote, uncopied, so that big integers, floats
 * and the order of keys survive. The sandbox has checked that the text is one JSON value.
 */
export function executionBody({
  resultJson,
  stdout,
  stderr,
  artifacts,
  execution,
}: CompletedExecution): readonly Buffer[] {
  const rest = JSON.stringify({ stdout, stderr, artifacts: artifacts.map(artifactOf), execution });
  return [Buffer.from('{"result":'), resultJson, Buffer.from(`,${rest.slice(1)}`)];
}
