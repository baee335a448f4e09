import type { IsolationLevel, PackageInfo, ZygotesInfo } from '@pycell/contracts';
import type { EngineState } from './engine-state';
import type { Run } from './run';
import type { RunObserver } from './run-observer';
import type { RunResult } from './run-result';
import type { SelfTestReport } from './self-test-report';

/** What scripts run on. */
export interface PythonDescription {
  readonly version: string | null;
  readonly packages: readonly PackageInfo[];
  /** Top-level modules that scripts find: those of the standard library that are there, and those of the packages. */
  readonly modules: readonly string[];
}

/**
 * Runs scripts in one way, chosen by the configuration when the service starts and never changed: an executor that cannot
 * work says SANDBOX_UNAVAILABLE, it does not fall back to another.
 */
export interface SandboxExecutor {
  readonly isolation: IsolationLevel;
  /** What that promises of each run, in sentences for people. The self-test looks at what can be seen from inside. */
  readonly promises: readonly string[];
  /** Whether runs can be sent files: not where they can write none. */
  readonly takesFiles: boolean;
  /** What an operator can do where it does not work. */
  readonly remedy: string;
  /** The latest isolation self-test, null before the first. */
  readonly latestSelfTest: SelfTestReport | null;
  /** How many of them found a promise broken, since the service started. */
  readonly selfTestBreaches: number;
  /** What makes forks cheap, of all zygotes; null before one is ready, and where there are none. */
  readonly zygotes: ZygotesInfo | null;
  /** Read anew each time; null where there is no jail that stays. */
  readonly engine: EngineState | null;

  /** Makes ready what can be made ready ahead. Does not wait for it. */
  start(): void;

  /**
   * Runs one script to its end. Every way for a run to end is an `Outcome`; `signal` ends it as CANCELLED.
   * Runs nothing before the isolation that the configuration promises has been proved.
   * @throws Error of the system when the host cannot give what a run needs, such as a folder. No result was delivered then.
   */
  run(run: Run, observer: RunObserver, signal: AbortSignal): Promise<RunResult>;

  /**
   * Proves the isolation from inside a run, beside the runs that are admitted. Where that fails nothing is run until it
   * succeeds. Never rejects.
   */
  selfTest(): Promise<SelfTestReport>;

  /** Ends everything that was started. When it settles no process is left. */
  close(): Promise<void>;

  /** Reads what scripts run on, as the set-up recorded it. */
  describePython(): Promise<PythonDescription>;
}
