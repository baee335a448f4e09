import type { ExecutionMode } from '@pycell/contracts';
import { hintFor } from './hints';
import type { PolicyRule } from './policy-rules';
import type { PositionMap } from './source-position';

/** One reason to refuse a script. Lines and columns are 1-based, columns in code points, the end is exclusive. */
export interface PolicyViolation {
  readonly rule: PolicyRule;
  /** part of the API's contract: clients compare it */
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** what to do instead, one or two sentences; absent where `message` says it */
  readonly hint?: string;
}

/** A violation before its offsets (UTF-16 code units, end exclusive) became lines and columns. */
export interface Finding {
  readonly rule: PolicyRule;
  readonly message: string;
  /** The module or the name that is blocked. */
  readonly name?: string;
  readonly start: number;
  readonly end: number;
}

/** The violations that clients see, in source order. */
export function toViolations(
  findings: readonly Finding[],
  positions: PositionMap,
  mode: ExecutionMode,
): PolicyViolation[] {
  return [...findings]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ rule, message, name, start, end }) => {
      const from = positions.at(start);
      const to = positions.at(end);
      const hint = hintFor(rule, name ?? '', mode);
      return {
        rule,
        message,
        line: from.line,
        column: from.column,
        endLine: to.line,
        endColumn: to.column,
        ...(hint !== undefined && { hint }),
      };
    });
}
