import type { IsolationLevel, PackageInfo } from '@pycell/contracts';
import type { FailureMessage, RunMode } from '../protocol/messages';
import type { SelfTestReport } from '../self-test/self-test';

/** One script to run. */
export interface RunRequest {
  /** Id of the execution, for logs. */
  readonly id: string;
  /** The script with normalised line ends. */
  readonly script: string;
  readonly mode: RunMode;
  /** Modules that the script imports, as far as they are known: which packages should be loaded already. */
  readonly imports: readonly string[];
}

/** How a run ended. */
export type RunEnd =
  /** `json` is one JSON value in UTF-8, checked. */
  | { readonly kind: 'returned'; readonly json: Buffer }
  | { readonly kind: 'failed'; readonly failure: FailureMessage }
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** The script closed the descriptor by which its result would have come. */
  | { readonly kind: 'channel-closed' }
  | { readonly kind: 'crashed'; readonly signal: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'output-limit' }
  | { readonly kind: 'cancelled' }
  /** The run said something that is not in the protocol. `cause` is for the log. */
  | { readonly kind: 'malformed'; readonly cause: string }
  /** The sandbox failed before or under the run. `cause` is for the log. */
  | { readonly kind: 'unavailable'; readonly cause: string };

/** What is known of a run after its end. Times in milliseconds; measured by the service, not by the run. */
export interface RunReport {
  readonly end: RunEnd;
  readonly stdout: string;
  readonly stderr: string;
  /** From the request until the script's clock started; the whole time when it never did. */
  readonly startMs: number;
  readonly runMs: number;
  /** From the script's end until its outcome and its output were complete. */
  readonly resultMs: number;
  readonly cpuMs?: number;
  readonly peakMemoryBytes?: number;
  /** Settles when no process of the run is left. Until then it may still hold its memory. Never rejects. */
  readonly gone: Promise<void>;
}

/** What scripts run on. */
export interface PythonDescription {
  readonly version: string | null;
  readonly packages: readonly PackageInfo[];
  /** Top-level modules that scripts find: those of the standard library that are there, and those of the packages. */
  readonly modules: readonly string[];
}

/**
 * Runs scripts in one way, chosen by BUILD when the service starts and never changed: an executor that cannot work
 * reports `unavailable`, it does not fall back to another.
 */
export interface SandboxExecutor {
  readonly isolation: IsolationLevel;

  /** Makes ready what can be made ready ahead. Does not wait for it. */
  start(): void;

  /**
   * Runs one script to its end. Every way for a run to end is a `RunEnd`; `signal` ends it as `cancelled`.
   * Runs nothing before the isolation that the configuration promises has been proved.
   * @throws Error of the system when the host cannot give what a run needs, such as a folder. Nothing ran then.
   */
  run(request: RunRequest, signal: AbortSignal): Promise<RunReport>;

  /**
   * Proves the isolation from inside a run, beside the runs that are admitted. Where that fails nothing is run until it
   * succeeds. Never rejects.
   */
  selfTest(): Promise<SelfTestReport>;

  /** The latest proof, null before the first. */
  readonly latestSelfTest: SelfTestReport | null;

  /** Ends everything that was started. When it settles no process is left. */
  close(): Promise<void>;

  /** Reads what scripts run on, as the set-up recorded it. */
  describePython(): Promise<PythonDescription>;
}
