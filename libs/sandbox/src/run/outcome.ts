import type { RunErrorCode } from '@pycell/contracts';

/** A file or a figure that a run left, as its own process told: the name is checked, the content is the script's. */
export interface RunArtifact {
  readonly name: string;
  readonly bytes: Buffer;
}

/** How the script failed, in the words of its own process; the form is checked, the content is the script's. */
export interface ScriptFailure {
  readonly status: RunErrorCode;
  /** One sentence for a person. */
  readonly message: string;
  /** 1-based line in the script. */
  readonly line?: number;
  /** 1-based column in the script, code points. */
  readonly column?: number;
  readonly traceback?: string;
  /** What the author of the script can do instead. */
  readonly hint?: string;
  /** Of SCRIPT_EXITED: the status that the script asked for. */
  readonly exitCode?: number;
  /** What it had left. */
  readonly artifacts?: readonly RunArtifact[];
}

/** How a run ended, from the runner to the service: one word for one end, of contracts' table where it has one. */
export type Outcome =
  /** `result` is one JSON value in UTF-8, checked. */
  | { readonly status: 'OK'; readonly result: Buffer; readonly artifacts?: readonly RunArtifact[] }
  | ScriptFailure
  /** `signal` ended the process; without one it broke its channel. */
  | { readonly status: 'SCRIPT_CRASHED'; readonly message: string; readonly signal?: string }
  /** `line` of the script was running, as its own process told. */
  | { readonly status: 'TIMEOUT'; readonly line?: number }
  | { readonly status: 'OUTPUT_LIMIT' }
  /** The signal that came with the run aborted. */
  | { readonly status: 'CANCELLED' }
  /** The host killed the run: most likely the machine, or the container, ran out of memory. */
  | { readonly status: 'KILLED' }
  /** The sandbox failed before or under the run. `cause` is for the log. */
  | { readonly status: 'SANDBOX_UNAVAILABLE'; readonly cause: string };

export type RunStatus = Outcome['status'];
