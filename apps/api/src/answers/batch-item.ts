import { type ErrorResponse, STATUSES } from '@pycell/contracts';
import { type CompletedExecution, ExecutionFailure, type RunArtifact } from '@pycell/sandbox';
import { artifactFacts } from './artifacts';
import { base64Pieces, lineOf, lineSafeBytes, stringPieces } from './line-text';
import type { Parcel } from './outbox';

/** Up to here an item is made in one piece. */
const SMALL_BYTES = 16 * 1024;

/** What became of one input of a batch. */
export type BatchOutcome = CompletedExecution | ExecutionFailure;

/** What of an outcome may be large. */
interface LargeParts {
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  readonly artifacts?: readonly RunArtifact[] | undefined;
}

/**
 * Returns what a batch answers for one input: its index, the status that `POST /execute` would have had, and the body.
 * It is JSON in which nothing can end a line.
 * @param errorBody returns the body of a failure, but for its artifacts
 */
export function batchItem(
  index: number,
  outcome: BatchOutcome,
  errorBody: (failure: ExecutionFailure) => Partial<ErrorResponse>,
): string | Parcel {
  if (!(outcome instanceof ExecutionFailure)) {
    const { resultJson, execution } = outcome;
    const bytes = resultJson.length + bytesOf(outcome);
    const item = completedPieces(headOf(index, 200), resultJson, outcome, lineOf({ execution }));
    return bytes <= SMALL_BYTES ? joined(item) : { pieces: item, bytes };
  }
  const { stdout, stderr, execution, ...body } = errorBody(outcome);
  const head = `${headOf(index, STATUSES[outcome.code].http)},${lineOf(body).slice(1, -1)}`;
  const bytes = bytesOf(outcome.facts);
  const item = failedPieces(head, { stdout, stderr, artifacts: outcome.facts.artifacts }, execution);
  return bytes <= SMALL_BYTES ? joined(item) : { pieces: item, bytes };
}

function headOf(index: number, status: number): string {
  return `{"index":${index},"status":${status}`;
}

/** About what they hold in memory. */
function bytesOf({ stdout = '', stderr = '', artifacts = [] }: LargeParts): number {
  return artifacts.reduce((sum, { bytes }) => sum + bytes.length, stdout.length + stderr.length);
}

function joined(pieces: Iterable<string | Buffer>): string {
  return Array.from(pieces, String).join('');
}

function* completedPieces(
  head: string,
  resultJson: Buffer,
  parts: LargeParts,
  report: string,
): Iterable<string | Buffer> {
  yield `${head},"result":`;
  yield* lineSafeBytes(resultJson);
  yield* partsPieces(parts);
  yield `,${report.slice(1)}`;
}

function* failedPieces(head: string, parts: LargeParts, execution: object | undefined): Iterable<string> {
  yield head;
  yield* partsPieces(parts);
  yield execution ? `,${lineOf({ execution }).slice(1)}` : '}';
}

/** Gives the members that are there. */
function* partsPieces({ stdout, stderr, artifacts }: LargeParts): Iterable<string> {
  for (const [name, text] of Object.entries({ stdout, stderr })) {
    if (text !== undefined) {
      yield `,"${name}":"`;
      yield* stringPieces(text);
      yield '"';
    }
  }
  if (artifacts) {
    yield ',"artifacts":[';
    for (const [index, artifact] of artifacts.entries()) {
      yield `${index === 0 ? '' : ','}${lineOf(artifactFacts(artifact)).slice(0, -1)},"base64":"`;
      yield* base64Pieces(artifact.bytes);
      yield '"}';
    }
    yield ']';
  }
}
