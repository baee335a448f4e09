import type { BackgroundRun, GivenRun } from './background-run';

/** Where runs in the background are kept. Everything may reject: a browser can take its storage away at any moment. */
export interface RunsArchive {
  /** Those of one API, newest first. */
  runsOf(apiUrl: string): Promise<readonly BackgroundRun[]>;
  /** null where it is not there any more. */
  givenOf(key: string): Promise<GivenRun | null>;
  add(run: BackgroundRun, given: GivenRun): Promise<void>;
  /** Has no effect on a run that was removed, by another tab perhaps. */
  change(key: string, changes: Partial<BackgroundRun>): Promise<void>;
  /** Its request has been taken, and need not be sent again. */
  forgetBody(key: string): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Calls back when another tab has changed it. */
  onChange(changed: () => void): void;
}
