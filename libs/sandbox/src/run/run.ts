/** `compile` stops after CPython has accepted the syntax; nothing of the script is executed. */
export type RunMode = 'run' | 'compile';

/** One script to run. */
export interface Run {
  /** The script with normalised line ends. */
  readonly script: string;
  readonly mode: RunMode;
  /** Modules that the script imports, as far as they are known: which packages should be loaded already. */
  readonly imports: readonly string[];
}
