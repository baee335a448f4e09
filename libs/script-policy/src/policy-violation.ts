import type { PositionMap } from './source-position';

export type PolicyRule = 'blocked-import' | 'blocked-name' | 'control-character' | 'too-complex';

/** One reason to refuse a script. Lines and columns are 1-based, columns in code points, the end is exclusive. */
export interface PolicyViolation {
  readonly rule: PolicyRule;
  /** part of the API's contract: clients compare it */
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A violation before its offsets (UTF-16 code units, end exclusive) became lines and columns. */
export interface Finding {
  readonly rule: PolicyRule;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** The violations that clients see, in source order. */
export function toViolations(findings: readonly Finding[], positions: PositionMap): PolicyViolation[] {
  return [...findings]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ rule, message, start, end }) => {
      const from = positions.at(start);
      const to = positions.at(end);
      return {
        rule,
        message,
        line: from.line,
        column: from.column,
        endLine: to.line,
        endColumn: to.column,
      };
    });
}
