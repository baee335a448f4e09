import type { CompletedExecution } from '@pycell/sandbox';
import { artifactPieces } from './artifacts';

/**
 * Returns the body of a 200 in pieces: the result is the text that Python wrote, uncopied, so that big integers, floats
 * and the order of keys survive. The sandbox has checked that the text is one JSON value.
 */
export function executionBody(completed: CompletedExecution): readonly Buffer[] | Promise<readonly Buffer[]> {
  const { resultJson, stdout, stderr, artifacts, execution } = completed;
  const start = Buffer.from('{"result":');
  if (artifacts.length === 0) {
    const rest = JSON.stringify({ stdout, stderr, artifacts, execution });
    return [start, resultJson, Buffer.from(`,${rest.slice(1)}`)];
  }
  const output = JSON.stringify({ stdout, stderr });
  const report = JSON.stringify({ execution });
  return artifactPieces(artifacts).then((pieces) => [
    start,
    resultJson,
    Buffer.from(`,${output.slice(1, -1)},"artifacts":`),
    ...pieces,
    Buffer.from(`,${report.slice(1)}`),
  ]);
}
