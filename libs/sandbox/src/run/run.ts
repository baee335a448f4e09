import type { ExecuteRequest } from '@pycell/contracts';

/** `compile` stops after CPython has accepted the syntax; nothing of the script is executed. */
export type RunMode = 'run' | 'compile';

/** One script to run: what the client asked for, its script with normalised line ends, and what the service knows of it. */
export interface Run extends Omit<ExecuteRequest, 'mode'> {
  readonly mode: RunMode;
  /** Modules that the script imports: which packages should be loaded already. Null where they are not known. */
  readonly imports: readonly string[] | null;
}
