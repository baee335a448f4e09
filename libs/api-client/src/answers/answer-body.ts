import { findMember } from '../json/json-member';
import type { ArtifactBody, ErrorBody, ExecutionReport } from '../schema/schema';
import { type Fields, isObject, parseObject } from './fields';

/** What had been sent as events before the end of a stream. */
export interface ReceivedOutput {
  readonly stdout: string;
  readonly stderr: string;
  readonly artifacts: readonly ArtifactBody[];
}

/** The body of 200, its result being the JSON text as Python wrote it. */
export interface ExecuteAnswer extends ReceivedOutput {
  readonly resultText: string;
  readonly execution: ExecutionReport;
}

/**
 * What the text of a `result` says: the body of 200, in a stream without what was sent as events before.
 *
 * @param received what was sent as events before
 * @returns null where it is none
 */
export function readExecuteBody(body: string, received?: ReceivedOutput): ExecuteAnswer | null {
  const span = findMember(body, 'result');
  if (!span) {
    return null;
  }
  // The rest holds nothing that parsing could change.
  const rest = { ...parseObject(`${body.slice(0, span.start)}null${body.slice(span.end)}`), ...received };
  if (!isExecuteRest(rest)) {
    return null;
  }
  const { stdout, stderr, execution } = rest;
  const resultText = body.slice(span.start, span.end);
  return { resultText, stdout, stderr, artifacts: readArtifacts(rest), execution };
}

/** @returns null where the body is none of an error of pycell's */
export function readErrorBody(body: string): ErrorBody | null {
  const value = parseObject(body);
  return value && readErrorFields(value);
}

/**
 * What an `error` event says: the body of an error without what was sent as events before.
 *
 * @returns null where it is none
 */
export function readErrorEvent(event: Fields, received: ReceivedOutput): ErrorBody | null {
  const fields: Fields = Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'type'));
  return readErrorFields({ ...fields, ...received });
}

/** A code that this client does not know is fine: a newer service may have more. */
function readErrorFields(value: Fields): ErrorBody | null {
  if (!isErrorBody(value)) {
    return null;
  }
  return 'artifacts' in value ? { ...value, artifacts: readArtifacts(value) } : value;
}

function isErrorBody(value: Fields): value is Fields & ErrorBody {
  return typeof value['error'] === 'string' && typeof value['code'] === 'string';
}

/** None of an older service. */
function readArtifacts({ artifacts }: Fields): readonly ArtifactBody[] {
  return Array.isArray(artifacts) ? artifacts.filter(isArtifact) : [];
}

export function isArtifact(value: unknown): value is ArtifactBody {
  return (
    isObject(value) &&
    typeof value['name'] === 'string' &&
    typeof value['mediaType'] === 'string' &&
    typeof value['sizeBytes'] === 'number' &&
    typeof value['base64'] === 'string'
  );
}

/** Checks what clients rely on, to recognise answers of other services. */
function isExecuteRest(
  value: Fields,
): value is Fields & Pick<ExecuteAnswer, 'stdout' | 'stderr' | 'execution'> {
  const { stdout, stderr, execution } = value;
  return (
    typeof stdout === 'string' &&
    typeof stderr === 'string' &&
    isObject(execution) &&
    typeof execution['id'] === 'string' &&
    typeof execution['durationMs'] === 'number' &&
    isObject(execution['timings'])
  );
}
