import type { Artifact } from '../answers/artifact';
import type { ErrorCode, ExecutionReport, ScriptViolation } from '../schema/schema';

/** What happened where pycell itself said nothing. */
export type ConnectionCode =
  /** There was no answer: nothing listens there, the name is not known, or the connection was lost before one came. */
  | 'CONNECTION_FAILED'
  /** The answer broke off, or nothing came for too long. */
  | 'ANSWER_CUT'
  /** Something answered that is not pycell: a gateway in front of it, or another service. */
  | 'UNEXPECTED_ANSWER';

/** Whose concern an error is: the author's of the script, the caller's, the operator's, or the network's. */
export type ErrorKind = 'script' | 'refused' | 'service' | 'network';

/** What is known of an error. All but the first two may be absent. */
export interface ErrorFacts {
  readonly code: ErrorCode | ConnectionCode;
  readonly message: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly hint?: string;
  readonly line?: number;
  readonly column?: number;
  readonly traceback?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  readonly violations?: readonly ScriptViolation[];
  readonly stdout?: string;
  readonly stderr?: string;
  readonly artifacts?: readonly Artifact[];
  readonly execution?: ExecutionReport;
  readonly retryAfterSeconds?: number;
  /** Whether the script may have run. */
  readonly mayHaveRun: boolean;
  readonly cause?: unknown;
}

/**
 * Everything that goes wrong with a call, but for the abort of its signal, which throws the signal's reason, and for what is
 * wrong with its arguments, which is a TypeError. Compare `code`; sentences may change.
 */
export abstract class PycellError extends Error {
  /** Whose concern it is; each kind is a class. */
  abstract readonly kind: ErrorKind;
  /** What happened, for programs. A newer service may have codes that are not in the type. */
  readonly code: ErrorCode | ConnectionCode;
  /** The HTTP status; of an error in a stream or a batch the one that `POST /execute` would have had. null: no answer came. */
  readonly status: number | null;
  /** Under which the service's log has the cause. */
  readonly requestId: string | null;
  readonly traceId: string | null;
  /** What the author of the script or of the request can do instead: a help for people, whose text may change. */
  readonly hint: string | null;
  /** 1-based place in the script; columns count code points. */
  readonly line: number | null;
  readonly column: number | null;
  /** Python's traceback, frames of the script only. */
  readonly traceback: string | null;
  /** Of SCRIPT_EXITED. */
  readonly exitCode: number | null;
  /** Of SCRIPT_CRASHED: the signal by which the process died. */
  readonly signal: string | null;
  /** Of POLICY_VIOLATION: all reasons, in source order. */
  readonly violations: readonly ScriptViolation[];
  /** What the script had printed; in a stream that has been told before. */
  readonly stdout: string;
  readonly stderr: string;
  /** What a script that failed by itself had left. */
  readonly artifacts: readonly Artifact[];
  /** null where the script did not run. */
  readonly execution: ExecutionReport | null;
  /** Seconds after which another try makes sense, where the service said so. */
  readonly retryAfterSeconds: number | null;
  /** Whether the script may have run, or a part of it; false: it is certain that it did not. */
  readonly mayHaveRun: boolean;

  constructor(facts: ErrorFacts) {
    super(facts.message, 'cause' in facts ? { cause: facts.cause } : undefined);
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.requestId = facts.requestId ?? null;
    this.traceId = facts.traceId ?? null;
    this.hint = facts.hint ?? null;
    this.line = facts.line ?? null;
    this.column = facts.column ?? null;
    this.traceback = facts.traceback ?? null;
    this.exitCode = facts.exitCode ?? null;
    this.signal = facts.signal ?? null;
    this.violations = facts.violations ?? [];
    this.stdout = facts.stdout ?? '';
    this.stderr = facts.stderr ?? '';
    this.artifacts = facts.artifacts ?? [];
    this.execution = facts.execution ?? null;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.mayHaveRun = facts.mayHaveRun;
  }
}

/** The script, or its inputs, are wrong, or reached a limit: for its author. The same script fails again. */
export class ScriptError extends PycellError {
  override readonly name = 'ScriptError';
  readonly kind = 'script';
}

/** The service does not take the request, or not now: its shape, its key, its rate. For whoever wrote the calling program. */
export class RefusedError extends PycellError {
  override readonly name = 'RefusedError';
  readonly kind = 'refused';
}

/** The service, or a gateway in front of it, could not do it: for its operator. */
export class ServiceError extends PycellError {
  override readonly name = 'ServiceError';
  readonly kind = 'service';
}

/** No answer came, or not all of it. */
export class NetworkError extends PycellError {
  override readonly name = 'NetworkError';
  readonly kind = 'network';
}

/** True for an error of any copy of this library: programs may have it as CommonJS and as ES modules at once. */
export function isPycellError(error: unknown): error is PycellError {
  return (
    error instanceof Error &&
    'kind' in error &&
    ['script', 'refused', 'service', 'network'].includes(String(error.kind)) &&
    'code' in error
  );
}

export function isScriptError(error: unknown): error is ScriptError {
  return isPycellError(error) && error.kind === 'script';
}

export function isRefusedError(error: unknown): error is RefusedError {
  return isPycellError(error) && error.kind === 'refused';
}

export function isServiceError(error: unknown): error is ServiceError {
  return isPycellError(error) && error.kind === 'service';
}

export function isNetworkError(error: unknown): error is NetworkError {
  return isPycellError(error) && error.kind === 'network';
}
