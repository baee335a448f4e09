import {
  type ExecuteAnswer,
  readErrorBody,
  readExecuteBody,
  type ReceivedOutput,
} from '../answers/answer-body';
import { type Artifact, artifactOf } from '../answers/artifact';
import { errorOfBody, type ErrorContext } from '../errors/error-of';
import type { PycellError } from '../errors/pycell-error';
import { type IntegerReading, parseJson } from '../json/read-json';
import type { ExecutionReport } from '../schema/schema';

/** A script has come to its end. `T` is what the caller expects of its result; nothing checks it. */
export interface RunResult<T = unknown> {
  readonly result: T;
  /** The result as Python wrote it: integers of any size, the spelling of floats and the order of keys. */
  readonly resultText: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Files by name, then figures. */
  readonly artifacts: readonly Artifact[];
  readonly execution: ExecutionReport;
}

/** How a run ended, where that is told as a value: in a batch, and of an asynchronous execution. */
export type RunEnd<T = unknown> =
  | { readonly status: 'succeeded'; readonly outcome: RunResult<T> }
  | { readonly status: 'failed'; readonly error: PycellError };

/**
 * What the body of a 200 means.
 *
 * @returns null where it is none of pycell's
 */
export function resultOfBody<T>(body: string, integers: IntegerReading): RunResult<T> | null {
  const answer = readExecuteBody(body);
  return answer && resultOf<T>(answer, integers);
}

/** @returns null where what it holds is not what pycell sends */
export function resultOf<T>(answer: ExecuteAnswer, integers: IntegerReading): RunResult<T> | null {
  const { resultText, stdout, stderr, execution } = answer;
  const artifacts = answer.artifacts.map(artifactOf);
  if (!artifacts.every((artifact) => artifact !== null)) {
    return null;
  }
  try {
    const result = parseJson(resultText, integers) as T;
    return { result, resultText, stdout, stderr, artifacts, execution };
  } catch {
    // A SyntaxError: the text between the brackets was looked at no closer before.
    return null;
  }
}

/** What the body of an answer to `POST /execute` means, by its status. @returns null where it is none of pycell's */
export function endOfBody<T>(
  body: string,
  context: ErrorContext & { readonly status: number },
  integers: IntegerReading,
): RunEnd<T> | null {
  if (context.status === 200) {
    const outcome = resultOfBody<T>(body, integers);
    return outcome && { status: 'succeeded', outcome };
  }
  const errorBody = readErrorBody(body);
  const error = errorBody && errorOfBody(errorBody, context);
  return error && { status: 'failed', error };
}

/** What was told as events is not told again. */
export const NOTHING_RECEIVED: ReceivedOutput = { stdout: '', stderr: '', artifacts: [] };
