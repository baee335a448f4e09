import type { ErrorCode } from './statuses';

/** How runs can be isolated. */
export const ISOLATION_LEVELS = ['none', 'nsjail', 'nsjail-per-run', 'gvisor', 'gvisor-per-run'] as const;

/** What separates a run from the host: nothing, a jail, a jail for each run, or gVisor. */
export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

/** How a script is executed: `function` calls its `main`; `script` runs the text as a program. */
export const EXECUTION_MODES = ['function', 'script'] as const;
export type ExecutionMode = (typeof EXECUTION_MODES)[number];

/** A file that a script finds in its working directory. It has one of `text` and `base64`. */
export interface InputFile {
  /** Relative path with `/`, at most 255 bytes of UTF-8, without `.`, `..` and empty steps. */
  readonly name: string;
  /** The content as text; the file has it in UTF-8. */
  readonly text?: string;
  /** The content as base64 (RFC 4648, with padding). */
  readonly base64?: string;
}

/** What a caller may choose within the limits of the service. */
export interface RequestedLimits {
  /** Wall time of the run, whole milliseconds. */
  readonly timeoutMs?: number;
  /** Memory of the run, MiB. */
  readonly memoryMb?: number;
}

/** The body of `POST /execute`. */
export interface ExecuteRequest {
  /** Python source; at most `maxScriptSize` code points. In mode `function` it defines a top-level callable `main`. */
  readonly script: string;
  /** `function` where it is missing. */
  readonly mode?: ExecutionMode;
  /** Arguments of `main` by name, or in mode `script` global names; at most `maxInputsBytes` of JSON text. */
  readonly inputs?: Readonly<Record<string, JsonValue>>;
  /** What the script finds on standard input, which is empty without it. */
  readonly stdin?: string;
  /** At most `maxFiles`; together with `stdin` they take at most `tmpSizeMb`. */
  readonly files?: readonly InputFile[];
  readonly limits?: RequestedLimits;
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

/** The limits that held for one execution, where a caller may choose them. */
export interface HeldLimits {
  /** Wall time of the run, milliseconds. */
  readonly timeoutMs: number;
  /** Memory of the run, MiB. */
  readonly memoryMb: number;
}

/** A file that a script left in `output/`, or a figure that it left open. */
export interface Artifact {
  /** Relative path with `/`; without steps or characters by which a client could be led to another place. */
  readonly name: string;
  /** From a table by the extension of the name; `application/octet-stream` for those that are not in it. */
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** The content as base64 (RFC 4648, with padding). */
  readonly base64: string;
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
  readonly limits: HeldLimits;
  readonly timings: ExecutionTimings;
}

/** 200 of `POST /execute`. */
export interface ExecuteResponse {
  readonly result: JsonValue;
  readonly stdout: string;
  readonly stderr: string;
  /** Files that the script left in `output/`, sorted by name, then the figures that it left open. */
  readonly artifacts: readonly Artifact[];
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
  /** By which the request is found among the service's traces; present where it is recorded there. */
  readonly traceId?: string;
  /** 1-based line in the script. */
  readonly line?: number;
  /** 1-based column in the script, in code points. */
  readonly column?: number;
  /** Python's traceback, frames of the script only. */
  readonly traceback?: string;
  /** Of SCRIPT_EXITED: the exit status of the process, or the one that `sys.exit` asked for. */
  readonly exitCode?: number;
  /** Of SCRIPT_CRASHED: the signal by which the process died, such as `SIGSEGV`. */
  readonly signal?: string;
  /** Of POLICY_VIOLATION: all reasons, in source order, the first hundred. */
  readonly violations?: readonly ScriptViolation[];
  /** What the script had printed, present when it ran. */
  readonly stdout?: string;
  readonly stderr?: string;
  /** What a script that failed by itself had left; absent where its process was ended, and where there is none. */
  readonly artifacts?: readonly Artifact[];
  /** Present when the script ran. */
  readonly execution?: ExecutionReport;
}
