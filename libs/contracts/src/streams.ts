import type { Artifact, ErrorResponse, ExecuteRequest, ExecuteResponse } from './execution';

/** The media types by which `POST /execute` answers while the script runs: server-sent events, or a line of JSON for each event. */
export const STREAM_MEDIA_TYPES = { sse: 'text/event-stream', ndjson: 'application/x-ndjson' } as const;
export type StreamFormat = keyof typeof STREAM_MEDIA_TYPES;

/** How long a stream says nothing before it sends a sign of life, milliseconds: a comment in SSE, a `ping` in NDJSON. */
export const PING_INTERVAL_MS = 15_000;

/** The body of 200 without what was sent as events before. */
export type StreamedResult = Omit<ExecuteResponse, 'stdout' | 'stderr' | 'artifacts'>;
/** The body of an error without what was sent as events before. */
export type StreamedError = Omit<ErrorResponse, 'stdout' | 'stderr' | 'artifacts'>;

/**
 * One event of a streamed execution, as a line of NDJSON has it. In SSE `type` is the event's name, and the rest is its data.
 * `start`, then any number of `stdout` and `stderr`, then `artifact`s, then one of `result` and `error`, then `end`.
 */
export type ExecutionEvent =
  | { readonly type: 'start'; readonly id: string }
  | { readonly type: 'stdout' | 'stderr'; readonly text: string }
  | ({ readonly type: 'artifact' } & Artifact)
  | ({ readonly type: 'result' } & StreamedResult)
  | ({ readonly type: 'error' } & StreamedError)
  | { readonly type: 'end' }
  | { readonly type: 'ping' };

/** The body of `POST /execute/batch`: one script for many inputs. */
export interface BatchRequest extends Pick<ExecuteRequest, 'script' | 'mode' | 'limits'> {
  /** From one to `maxBatch`; each as `inputs` of `POST /execute`. */
  readonly inputs: readonly NonNullable<ExecuteRequest['inputs']>[];
}

/** What became of one input of a batch: what `POST /execute` would have answered. */
export type BatchItem = {
  /** Its place in `inputs`, from 0. */
  readonly index: number;
  /** The HTTP status of that answer. */
  readonly status: number;
} & (ExecuteResponse | ErrorResponse);

/** A line of a batch that is answered by NDJSON. */
export type BatchLine = BatchItem | { readonly type: 'ping' };
