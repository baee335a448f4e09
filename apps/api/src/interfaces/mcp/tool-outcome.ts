import type { ExecutionReport } from '@pycell/contracts';
import type { ForeignArtifact, ForeignFailure, ForeignOutcome } from '../door/foreign-outcome';
import { known } from '../door/known-facts';
import { readableResult } from './readable-result';
import { TEXT_BOUNDS, withoutMiddle } from './shortened-text';
import { shownImages } from './shown-images';
import type { Splices } from './spliced-text';

/** One artifact, told without its bytes. */
export interface ToldArtifact {
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Whether it is among the images of the answer. */
  readonly shown: boolean;
}

/** Why a call has no result. What is not known is left out. */
export type ToldError = Omit<ForeignFailure, 'kind' | 'stdout' | 'stderr' | 'artifacts' | 'execution'>;

/** What a tool answers, by its output schema. */
export interface ToolOutcome {
  readonly status: 'completed' | 'failed';
  /** The return value; absent where the call has failed. */
  readonly result?: unknown;
  readonly error?: ToldError;
  readonly stdout: string;
  readonly stderr: string;
  readonly artifacts: readonly ToldArtifact[];
  /** Milliseconds; absent where nothing has run, as what follows. */
  readonly durationMs?: number;
  readonly peakMemoryBytes?: number;
}

export interface TextContent {
  readonly type: 'text';
  readonly text: string;
}

export interface ImageContent {
  readonly type: 'image';
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}

/** The result of tools/call. */
export interface ToolResult {
  readonly content: readonly (TextContent | ImageContent)[];
  readonly structuredContent: Readonly<Record<string, unknown>>;
  readonly isError: boolean;
  readonly [key: string]: unknown;
}

/**
 * Makes the result of tools/call of what has come of an execution. The return value goes into it as Python wrote it, as a JSON
 * value in the structured content, where clients can read it, and as a text beside it: clients that parse numbers as floats keep
 * the digits of the text.
 */
export function toolResultOf(outcome: ForeignOutcome, splices: Splices): ToolResult {
  const images = shownImages(outcome.artifacts);
  const told = toldOf(outcome, new Set(images));
  const result = outcome.kind === 'completed' ? outcome.resultJson : null;
  return {
    content: [
      { type: 'text', text: splices.add(JSON.stringify(textOf(told, result))) },
      ...images.map(({ bytes, contentType }): ImageContent => ({
        type: 'image',
        data: splices.add(`"${bytes.toString('base64')}"`),
        mimeType: contentType,
      })),
    ],
    structuredContent: { ...told, ...(result && { result: splices.add(readableResult(result)) }) },
    isError: outcome.kind === 'failed',
  };
}

function toldOf(outcome: ForeignOutcome, shown: ReadonlySet<ForeignArtifact>): ToolOutcome {
  const { stdout, stderr, artifacts, execution } = outcome;
  return {
    status: outcome.kind,
    ...(outcome.kind === 'failed' && { error: toldError(outcome) }),
    stdout,
    stderr,
    artifacts: artifacts.map((artifact) => ({
      name: artifact.name,
      mediaType: artifact.contentType,
      sizeBytes: artifact.bytes.length,
      shown: shown.has(artifact),
    })),
    ...(execution && measuredOf(execution)),
  };
}

function measuredOf({
  durationMs,
  peakMemoryBytes,
}: ExecutionReport): Pick<ToolOutcome, 'durationMs' | 'peakMemoryBytes'> {
  return { durationMs, ...(peakMemoryBytes !== undefined && { peakMemoryBytes }) };
}

/** Returns what a call tells of a failure. */
export function toldError(failure: ForeignFailure): ToldError {
  const { code, message, hint, line, column, traceback, exitCode, signal, retryAfterSeconds } = failure;
  return {
    code,
    message: comeAgain(message, retryAfterSeconds),
    ...known({ hint, line, column, traceback, exitCode, signal, retryAfterSeconds }),
  };
}

/** A model reads the message, and not always the facts beside it. */
function comeAgain(message: string, seconds: number | undefined): string {
  return seconds === undefined
    ? message
    : `${message} (try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'})`;
}

/** Returns the structured content as a text, of which long parts are shortened: a model reads it. */
function textOf(told: ToolOutcome, result: Buffer | null): string {
  const { status, error, stdout, stderr, artifacts, durationMs, peakMemoryBytes } = told;
  const shortened = {
    status,
    error: error && {
      ...error,
      traceback: error.traceback && withoutMiddle(error.traceback, TEXT_BOUNDS.traceback),
    },
    stdout: withoutMiddle(stdout, TEXT_BOUNDS.stdout),
    stderr: withoutMiddle(stderr, TEXT_BOUNDS.stderr),
    artifacts,
    durationMs,
    peakMemoryBytes,
  };
  const rest = JSON.stringify(shortened);
  if (!result) {
    return rest;
  }
  const text = result.toString();
  const value =
    result.length <= TEXT_BOUNDS.resultBytes
      ? text
      : JSON.stringify(withoutMiddle(text, TEXT_BOUNDS.resultBytes));
  // Behind the status, before what was printed.
  return rest.replace(/^\{"status":"completed",/, (start) => `${start}"result":${value},`);
}
