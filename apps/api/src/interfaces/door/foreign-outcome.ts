import type { ErrorCode, ExecutionReport } from '@pycell/contracts';

/** A file or figure that a run left. */
export interface ForeignArtifact {
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** What was executed for an interface, and has come to its end with a value. */
export interface ForeignSuccess {
  readonly kind: 'completed';
  /** The return value, one JSON value as Python wrote it: its digits are to be passed on. */
  readonly resultJson: Buffer;
  readonly stdout: string;
  readonly stderr: string;
  readonly artifacts: readonly ForeignArtifact[];
  readonly execution: ExecutionReport;
}

/** What has no value: the script's fault, a limit, or ours. What is not known is left out. */
export interface ForeignFailure {
  readonly kind: 'failed';
  readonly code: ErrorCode;
  /** One sentence for a person. */
  readonly message: string;
  readonly hint?: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  readonly traceback?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly artifacts: readonly ForeignArtifact[];
  readonly execution?: ExecutionReport;
  /** Seconds. */
  readonly retryAfterSeconds?: number;
}

export type ForeignOutcome = ForeignSuccess | ForeignFailure;
