import type { ExecutionMode } from '@pycell/contracts';

/** What a request can take off the list of blocked names: `input` by its `stdin`, `open` by its `files`. */
export type PermittedName = 'input' | 'open';

/** What a script is judged by that its request says. */
export interface ScriptTerms {
  readonly mode: ExecutionMode;
  /** names that are not blocked in this script, whatever the rules say */
  readonly permitted: readonly PermittedName[];
}

/** The terms of a request that has a script and nothing else. */
export const PLAIN_TERMS: ScriptTerms = { mode: 'function', permitted: [] };
