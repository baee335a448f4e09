import type { ErrorResponse } from '@pycell/contracts';
import type { ScriptAnalysis } from '@pycell/script-policy';
import type { RunOutcome } from '../../api/run-outcome';
import {
  isFoundWhileTyping,
  MAIN_MISSING_ADVICE,
  MAIN_TWICE_ADVICE,
  PARSE_ERROR_ADVICE,
  problemOfOutcome,
  problemsOfAnalysis,
} from './problem';

const CLEAN: ScriptAnalysis = {
  script: '',
  violations: [],
  imports: [],
  parseError: null,
  definesMain: true,
  mainCall: null,
};
const VIOLATION = {
  rule: 'blocked-import',
  message: 'Dangerous operation detected: import os',
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 10,
} as const;

function failed(error: Partial<ErrorResponse>): RunOutcome {
  return {
    kind: 'failed',
    status: 422,
    error: { error: 'm', code: 'SCRIPT_ERROR', requestId: 'r', ...error },
    retryAfterSeconds: null,
  };
}

const ENFORCED = { isPolicyEnforced: true, mode: 'function' } as const;

describe('problemsOfAnalysis', () => {
  it('finds none in a script that is fine', () => {
    expect(problemsOfAnalysis(CLEAN, ENFORCED)).toEqual([]);
  });

  it('tells each violation of the policy as an error', () => {
    expect(problemsOfAnalysis({ ...CLEAN, violations: [VIOLATION] }, ENFORCED)).toEqual([
      { severity: 'error', message: VIOLATION.message, line: 1, column: 1, end: { line: 1, column: 10 } },
    ]);
  });

  it('tells no violation to somebody whose service has no policy', () => {
    expect(
      problemsOfAnalysis({ ...CLEAN, violations: [VIOLATION] }, { ...ENFORCED, isPolicyEnforced: false }),
    ).toEqual([]);
  });

  it('warns of a missing main and of what does not parse', () => {
    const analysis = { ...CLEAN, definesMain: false, parseError: { line: 3, column: 2 } };
    expect(problemsOfAnalysis(analysis, ENFORCED).map(({ message, line }) => [line, message])).toEqual([
      [3, PARSE_ERROR_ADVICE],
      [1, MAIN_MISSING_ADVICE],
    ]);
  });
});

describe('problemsOfAnalysis of a script that runs as a program', () => {
  it('misses no main, and lets it be called', () => {
    const analysis = { ...CLEAN, definesMain: false, mainCall: { line: 4, column: 7 } };
    expect(problemsOfAnalysis(analysis, { ...ENFORCED, mode: 'script' })).toEqual([]);
  });
});

describe('problemsOfAnalysis of a call of main', () => {
  it('warns that the function runs twice', () => {
    expect(problemsOfAnalysis({ ...CLEAN, mainCall: { line: 4, column: 7 } }, ENFORCED)).toEqual([
      { severity: 'warning', message: MAIN_TWICE_ADVICE, line: 4, column: 7 },
    ]);
  });
});

describe('problemOfOutcome', () => {
  it('has the hint of the service', () => {
    expect(problemOfOutcome(failed({ line: 2, hint: 'Do that.' }))).toMatchObject({ hint: 'Do that.' });
  });

  it('is where the script failed', () => {
    expect(problemOfOutcome(failed({ error: 'ZeroDivisionError', line: 2, column: 12 }))).toEqual({
      severity: 'error',
      message: 'ZeroDivisionError',
      line: 2,
      column: 12,
    });
  });

  it('is nowhere without a line', () => {
    expect(problemOfOutcome(failed({ code: 'TIMEOUT' }))).toBeNull();
    expect(problemOfOutcome({ kind: 'cancelled' })).toBeNull();
    expect(problemOfOutcome(null)).toBeNull();
  });

  it('is told once where the check while typing finds it as well', () => {
    expect(isFoundWhileTyping(failed({ code: 'POLICY_VIOLATION', line: 1 }))).toBe(true);
    expect(isFoundWhileTyping(failed({ line: 1 }))).toBe(false);
  });
});
