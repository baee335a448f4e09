import type { ExecutionLimits, IsolationLevel, SelfTestCheck } from '@pycell/contracts';
import type { OutsideIds } from '../host/id-mapping';
import type { OnDemandKind } from '../protocol/messages';
import type { RunnerCommand } from './runner-launcher';

/** How it is found out from inside a run that the isolation is there. */
export interface SelfTestPlan {
  /** The script that looks. It judges nothing: it may be running where nothing keeps it from lying. */
  readonly script: string;
  /** Judges the value that it returned against what the configuration promises. */
  readonly judge: (value: unknown) => SelfTestCheck[];
}

/** One runner with zygotes, for all runs. */
export interface WarmLaunch {
  readonly way: 'warm';
  /** How the runner is started; the service connects to sockets in that folder. */
  readonly command: (sockets: string) => RunnerCommand;
  /** Who must be able to make sockets in the folder: the runner's user outside; undefined: ourselves. */
  readonly socketOwner?: OutsideIds;
  /** Each run has a folder of its own beside the sockets, which goes with it. */
  readonly hasRunFolders: boolean;
  /** Kinds of zygotes that are started at once instead of on first use. */
  readonly preload?: readonly OnDemandKind[] | undefined;
}

/** What one runner of a single run takes from the host. */
export interface RunnerLease {
  readonly command: RunnerCommand;
  /** Gives back what it had, when it is gone. */
  readonly release: () => Promise<void>;
}

/** A runner of its own for each run. */
export interface PerRunLaunch {
  readonly way: 'per-run';
  /** @throws Error of the system when the host cannot give what a run needs. */
  readonly prepare: () => Promise<RunnerLease>;
}

/** Everything in which executors differ. To add one is to write one of these. */
export interface ExecutorRecipe {
  readonly isolation: IsolationLevel;
  /** What that promises of each run, in sentences for people. */
  readonly promises: readonly string[];
  /** Whether a run can write files, and so be sent some. */
  readonly takesFiles: boolean;
  /** What an operator can do where it does not work. */
  readonly remedy: string;
  /** The file in which the set-up recorded the interpreter and its packages. */
  readonly pythonManifest: string;
  readonly limits: ExecutionLimits;
  /** Runs at once. */
  readonly maxConcurrency: number;
  readonly selfTest: SelfTestPlan;
  readonly launch: WarmLaunch | PerRunLaunch;
}
