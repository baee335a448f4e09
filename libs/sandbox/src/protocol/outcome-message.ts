import { codesBy, type ExecutionLimits, type RunErrorCode } from '@pycell/contracts';
import type { RunArtifact, ScriptFailure } from '../run/outcome';
import { MAX_DESCRIPTION_BYTES } from '../run/run';
import { isSafeArtifactName } from './artifact-name';
import { MessageError } from './message-error';
import { decodeSections, lengthList, type Sections } from './sections';

/** The statuses by which a run may say why it has no result. Anything else that it claims is not believed. */
const FAILURES: readonly RunErrorCode[] = codesBy('run');

const WHAT = 'OUTCOME payload';
/** The most that a head may take; its texts are cut to the lengths below, escaped they need up to six times that. */
const MAX_HEAD_BYTES = 512 * 1024;
const MAX_MESSAGE_CHARACTERS = 8_000;
const MAX_TRACEBACK_CHARACTERS = 64_000;
const MAX_HINT_CHARACTERS = 1_000;
/** What a text ends with that was cut. */
const CUT_MARK = '…';

/** What a run tells of its end. The bytes of a result are still to be looked at: `findLongResultFlaw`. */
export type OutcomeMessage =
  | { readonly status: 'OK'; readonly result: Buffer; readonly artifacts?: readonly RunArtifact[] }
  | ScriptFailure;

/** Returns what an outcome may carry besides its head, bytes: a result and artifacts, or a description. */
export function maxOutcomeBytes({ maxResultBytes, maxArtifactBytes }: ExecutionLimits): number {
  return Math.max(maxResultBytes + maxArtifactBytes, MAX_DESCRIPTION_BYTES);
}

/** What bounds the artifacts that are told. */
export type ArtifactLimits = Pick<ExecutionLimits, 'maxFiles' | 'maxArtifactBytes'>;

/**
 * Reads an OUTCOME payload, which the script's own process wrote: only known statuses, and fields of the right type.
 * @throws MessageError where it does not fit.
 */
export function parseOutcomeMessage(payload: Buffer, limits: ArtifactLimits): OutcomeMessage {
  const decoded = decodeSections(payload, WHAT, ['result', 'artifacts'], MAX_HEAD_BYTES, limits.maxFiles);
  const { head, sections } = decoded;
  const result = sections.get('result');
  const artifacts = artifactsOf(decoded, limits);
  if (head['status'] === 'OK' && result) {
    return { status: 'OK', result, ...(artifacts.length > 0 && { artifacts }) };
  }
  const status = FAILURES.find((known) => known === head['status']);
  const { message, line, column, traceback, hint, exitCode } = head;
  if (!status || result || typeof message !== 'string') {
    throw new MessageError('OUTCOME payload: its status or its message is not one of ours');
  }
  return {
    status,
    message: cut(message, MAX_MESSAGE_CHARACTERS),
    ...(isPosition(line) && { line }),
    ...(isPosition(column) && { column }),
    ...(typeof traceback === 'string' && { traceback: cut(traceback, MAX_TRACEBACK_CHARACTERS) }),
    ...(typeof hint === 'string' && { hint: cut(hint, MAX_HINT_CHARACTERS) }),
    ...(isExitCode(exitCode) && { exitCode }),
    ...(artifacts.length > 0 && { artifacts }),
  };
}

/** Takes the section of artifacts apart, by the names and lengths in the head. */
function artifactsOf({ head, sections }: Sections, limits: ArtifactLimits): readonly RunArtifact[] {
  const bytes = sections.get('artifacts');
  if (!bytes) {
    return [];
  }
  const list = lengthList(head['artifacts'], WHAT);
  const names = new Set(list.map(([name]) => name));
  const total = list.reduce((sum, [, length]) => sum + length, 0);
  if (
    list.length > limits.maxFiles ||
    total > limits.maxArtifactBytes ||
    total !== bytes.length ||
    names.size !== list.length ||
    !list.every(([name]) => isSafeArtifactName(name))
  ) {
    throw new MessageError(`${WHAT}: its artifacts are not named or measured as ours are`);
  }
  let at = 0;
  return list.map(([name, length]) => ({ name, bytes: bytes.subarray(at, (at += length)) }));
}

function isExitCode(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit) + CUT_MARK;
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
