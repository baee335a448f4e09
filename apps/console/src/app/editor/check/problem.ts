import type { ErrorResponse, ExecutionMode } from '@pycell/contracts';
import type { ScriptAnalysis } from '@pycell/script-policy';
import type { RunOutcome } from '../../api/run-outcome';

/** A problem in the script. Lines and columns are 1-based, columns in code points, the end is exclusive. */
export interface Problem {
  /** `error`: the service refuses the script, or it failed there. `warning`: it may. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What to do; absent where the message says it. */
  readonly hint?: string;
  readonly line: number;
  readonly column: number;
  /** Absent where only the start is known: then it covers the word or the line there. */
  readonly end?: { readonly line: number; readonly column: number };
}

export const MAIN_MISSING_ADVICE = 'Script must contain a main() function. What it returns is the result.';
export const MAIN_TWICE_ADVICE =
  'main() is called here, and then by the service for its result: it runs twice. Remove this call.';
export const PARSE_ERROR_ADVICE = 'This may be a syntax error. Python says exactly when it runs.';

/** What the check while typing found. */
export function problemsOfAnalysis(
  analysis: ScriptAnalysis,
  { isPolicyEnforced, mode }: { readonly isPolicyEnforced: boolean; readonly mode: ExecutionMode },
): Problem[] {
  const problems: Problem[] = isPolicyEnforced
    ? analysis.violations.map(({ message, hint, line, column, endLine, endColumn }) => ({
        severity: 'error',
        message,
        ...(hint === undefined ? {} : { hint }),
        line,
        column,
        end: { line: endLine, column: endColumn },
      }))
    : [];
  if (analysis.parseError) {
    problems.push({ severity: 'warning', message: PARSE_ERROR_ADVICE, ...analysis.parseError });
  }
  // A script that runs as a program calls what it likes.
  if (mode === 'script') return problems;
  if (!analysis.definesMain) {
    problems.push({ severity: 'warning', message: MAIN_MISSING_ADVICE, line: 1, column: 1 });
  }
  if (analysis.mainCall) {
    problems.push({ severity: 'warning', message: MAIN_TWICE_ADVICE, ...analysis.mainCall });
  }
  return problems;
}

/** Codes of errors whose line is a place in the script to mend. */
const FOUND_WHILE_TYPING: readonly ErrorResponse['code'][] = ['POLICY_VIOLATION', 'MAIN_MISSING'];

/** Where the latest run failed; null where it did not, or no line is known. */
export function problemOfOutcome(outcome: RunOutcome | null): Problem | null {
  if (outcome?.kind !== 'failed') return null;
  const { line, column, error, hint } = outcome.error;
  if (line === undefined) return null;
  return { severity: 'error', message: error, ...(hint && { hint }), line, column: column ?? 1 };
}

/** Whether the check while typing marks the same place already. */
export function isFoundWhileTyping(outcome: RunOutcome | null): boolean {
  return outcome?.kind === 'failed' && FOUND_WHILE_TYPING.includes(outcome.error.code);
}
