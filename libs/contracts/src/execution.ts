import type { ErrorCode } from './statuses';

/** How runs can be isolated. */
export const ISOLATION_LEVELS = ['none', 'nsjail', 'nsjail-per-run', 'gvisor', 'gvisor-per-run'] as const;

/** What separates a run from the host: nothing, a jail, a jail for each run, or gVisor. */
export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

/** The body of `POST /execute`. */
export interface ExecuteRequest {
  /** Python source that defines a top-level callable `main`; at most `maxScriptSize` code points. */
  readonly script: string;
}

/** Any JSON value. `result` reaches the client as Python wrote it, so parse it with care for big integers. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Wall times of the stations of one execution, in milliseconds. They add up to `durationMs`. */
export interface ExecutionTimings {
  /** Waiting for a free place. */
  readonly queueMs: number;
  /** Judging the script by the policy, which also tells what it imports. */
  readonly policyMs: number;
  /** From there until the script's clock starts: jail and interpreter. */
  readonly startMs: number;
  /** While the script had the clock. */
  readonly runMs: number;
  /** From the script's end until the answer was complete. */
  readonly resultMs: number;
}

/** What the service measured of one execution. Nothing in here is told by the script. */
export interface ExecutionReport {
  /** Unique id of this execution. */
  readonly id: string;
  readonly isolation: IsolationLevel;
  /** Wall time from admission to the complete answer, milliseconds. */
  readonly durationMs: number;
  /** CPU time of the run, user and system, milliseconds; inside gVisor in steps of 10. Absent when the run was lost before it could be measured. */
  readonly cpuMs?: number;
  /** The run's peak resident memory beyond what it started with, bytes. Absent when the run was lost before it could be measured. */
  readonly peakMemoryBytes?: number;
  readonly timings: ExecutionTimings;
}

/** 200 of `POST /execute`. */
export interface ExecuteResponse {
  readonly result: JsonValue;
  readonly stdout: string;
  readonly stderr: string;
  readonly execution: ExecutionReport;
}

/** One reason of the script policy to refuse a script. Lines and columns are 1-based, columns in code points, the end is exclusive. */
export interface ScriptViolation {
  /** As in `error`, where it is the first. */
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** What to do instead, one sentence. */
  readonly hint?: string;
}

/** Every answer that is not 2xx. */
export interface ErrorResponse {
  /** One sentence for a person: what happened, the value seen, what to do. */
  readonly error: string;
  readonly code: ErrorCode;
  /** What the author of the script can do instead, one or two sentences, where that is known. */
  readonly hint?: string;
  /** The same id as in the `X-Request-Id` header and in the service's log. */
  readonly requestId: string;
  /** 1-based line in the script. */
  readonly line?: number;
  /** 1-based column in the script, in code points. */
  readonly column?: number;
  /** Python's traceback, frames of the script only. */
  readonly traceback?: string;
  /** Of POLICY_VIOLATION: all reasons, in source order, the first hundred. */
  readonly violations?: readonly ScriptViolation[];
  /** What the script had printed, present when it ran. */
  readonly stdout?: string;
  readonly stderr?: string;
  /** Present when the script ran. */
  readonly execution?: ExecutionReport;
}
