import type { ExecutionMode } from '@pycell/contracts';
import type { PolicyRules } from '@pycell/script-policy';

/** What a request can take off the list of blocked names: `input` by its `stdin`, `open` by its `files`. */
export type PermittedName = 'input' | 'open';

/** Rules that refuse nothing. A script is parsed all the same: what it imports chooses the zygote. */
export const NO_RULES: PolicyRules = { blockedModules: [], blockedNames: [] };

/** What a script is judged by that its request and its caller say. */
export interface ScriptTerms {
  readonly mode: ExecutionMode;
  /** names that are not blocked in this script, whatever the rules say */
  readonly permitted: readonly PermittedName[];
  /** the rules of its caller; null: those of the service, which cost least */
  readonly rules: PolicyRules | null;
}

/** The terms of a request that has a script and nothing else, of a caller that has the rules of the service. */
export const PLAIN_TERMS: ScriptTerms = { mode: 'function', permitted: [], rules: null };
