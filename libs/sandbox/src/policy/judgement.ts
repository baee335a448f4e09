import {
  TOO_COMPLEX_MESSAGE,
  type PolicyViolation,
  type ScriptAnalysis,
  type SourcePosition,
} from '@pycell/script-policy';

/** What the policy says of a script. */
export interface Judgement {
  /** The text to run: the one that was judged, with normalised line ends. */
  readonly script: string;
  /** Why the script may not run, the first of the reasons; null where there is none. */
  readonly violation:
    (Pick<PolicyViolation, 'message'> & Partial<Pick<PolicyViolation, 'line' | 'column'>>) | null;
  /** Where the parser could make nothing of the script, null when it judged all of it. */
  readonly unparsed: SourcePosition | null;
  /** Modules that the script imports, each top level once; null where they are not known. */
  readonly imports: readonly string[] | null;
}

/** Beyond that it does not matter which: some are packages. It bounds what one thread hands to another. */
const MAX_IMPORTS = 1_000;

/** The part of an analysis that a run needs. What is left out would cost the event loop more than the check costs its thread. */
export function judgementOf({ script, violations, parseError, imports }: ScriptAnalysis): Judgement {
  const gaveUp = violations.some(({ rule }) => rule === 'too-complex');
  const topLevel = new Set(imports.map((module) => module.split('.', 1)[0] ?? module));
  return {
    script,
    violation: violations[0] ?? null,
    unparsed: parseError,
    imports: gaveUp || topLevel.size > MAX_IMPORTS ? null : [...topLevel],
  };
}

/** What is said of a script that could not be judged in time. */
export function unjudged(script: string): Judgement {
  return { script, violation: { message: TOO_COMPLEX_MESSAGE }, unparsed: null, imports: null };
}
