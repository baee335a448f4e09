import type { ScriptViolation } from '@pycell/contracts';
import { TOO_COMPLEX_MESSAGE, type ScriptAnalysis, type SourcePosition } from '@pycell/script-policy';

/** Why a script may not run. */
export interface Refusal {
  /** Of the first reason. */
  readonly message: string;
  /** The reasons in source order, `MAX_VIOLATIONS` at most; none where the script could not be judged in time. */
  readonly violations: readonly ScriptViolation[];
}

/** What the policy says of a script. */
export interface Judgement {
  /** The text to run: the one that was judged, with normalised line ends. */
  readonly script: string;
  /** Null where the script may run. */
  readonly refusal: Refusal | null;
  /** Where the parser could make nothing of the script, null when it judged all of it. */
  readonly unparsed: SourcePosition | null;
  /** Modules that the script imports or will need, each top level once; null where they are not known. */
  readonly imports: readonly string[] | null;
}

/** Beyond that it does not matter which: some are packages. It bounds what one thread hands to another. */
const MAX_IMPORTS = 1_000;
/** As many as a person reads, and more. It bounds the answer: a script of 10,000 characters can have 2,000. */
const MAX_VIOLATIONS = 100;

/** The part of an analysis that a run needs. What is left out would cost the event loop more than the check costs its thread. */
export function judgementOf({ script, violations, parseError, imports }: ScriptAnalysis): Judgement {
  const gaveUp = violations.some(({ rule }) => rule === 'too-complex');
  const topLevel = new Set(imports.map((module) => module.split('.', 1)[0] ?? module));
  const told = violations
    .slice(0, MAX_VIOLATIONS)
    .map(({ message, line, column, endLine, endColumn, hint }) => ({
      message,
      line,
      column,
      endLine,
      endColumn,
      ...(hint !== undefined && { hint }),
    }));
  return {
    script,
    refusal: told[0] ? { message: told[0].message, violations: told } : null,
    unparsed: parseError,
    imports: gaveUp || topLevel.size > MAX_IMPORTS ? null : [...topLevel],
  };
}

/** What is said of a script that could not be judged in time. */
export function unjudged(script: string): Judgement {
  return {
    script,
    refusal: { message: TOO_COMPLEX_MESSAGE, violations: [] },
    unparsed: null,
    imports: null,
  };
}
