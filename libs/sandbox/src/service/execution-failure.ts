import { type ErrorCode, type ExecutionReport, type ScriptViolation, STATUSES } from '@pycell/contracts';
import type { RunArtifact } from '../run/outcome';

/** Facts that go with a failure, as far as they are known. */
export interface FailureFacts {
  /** 1-based line in the script. */
  readonly line?: number;
  /** 1-based column in the script, code points. */
  readonly column?: number;
  readonly traceback?: string;
  /** Of a script that ended itself. */
  readonly exitCode?: number;
  /** By which the process died. */
  readonly signal?: string;
  /** What the author of the script can do instead. */
  readonly hint?: string;
  /** All that the policy found. */
  readonly violations?: readonly ScriptViolation[];
  readonly stdout?: string;
  readonly stderr?: string;
  /** What the script had left. */
  readonly artifacts?: readonly RunArtifact[];
  readonly execution?: ExecutionReport;
  /** When trying again makes sense, seconds. */
  readonly retryAfterSeconds?: number;
  /** What really happened, for the log; never shown to a client. */
  readonly cause?: unknown;
}

/** An execution that has no result. `message` is one sentence for the client, `code` is for its program. */
export class ExecutionFailure extends Error {
  override readonly name = 'ExecutionFailure';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly facts: FailureFacts = {},
  ) {
    super(message, { cause: facts.cause });
  }

  /** Whether the same request may succeed later: no result was delivered, and a run has no side effects. */
  get retryable(): boolean {
    return STATUSES[this.code].retryable;
  }
}

/** The client went away before there was an answer. Nobody is left to tell. */
export class ExecutionCancelled extends Error {
  override readonly name = 'ExecutionCancelled';

  constructor() {
    super('the client went away');
  }
}
