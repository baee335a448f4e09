import type { ErrorCode } from '@pycell/contracts';
import type { ForeignFailure, ForeignOutcome } from './foreign-outcome';

/** How a script ended that was run as a program, as an operating system tells it. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** By a signal of its own making; null where it broke what carries its outcome. */
  | { readonly kind: 'crashed'; readonly signal: string | null }
  /** By us, at a limit. */
  | { readonly kind: 'stopped'; readonly at: 'time' | 'memory' | 'output' };

/** A script that was run as a program, with what Python would have left of it. */
export interface ProgramReport {
  readonly end: ProgramEnd;
  readonly stdout: string;
  /** With the traceback of what was raised, as Python writes it there. */
  readonly stderr: string;
  /** Milliseconds of wall and CPU time, and bytes; null where they are not known. */
  readonly wallMs: number | null;
  readonly cpuMs: number | null;
  readonly memoryBytes: number | null;
}

type Ending = 'succeeded' | 'raised' | 'exited' | 'crashed' | 'time' | 'memory' | 'output' | 'not run';

/** A program has no result: what is wrong with the value of its last expression, or with files that nobody asked for, is no fault of it. */
const ENDINGS: Readonly<Record<ErrorCode, Ending>> = {
  INVALID_REQUEST: 'not run',
  UNAUTHENTICATED: 'not run',
  FORBIDDEN: 'not run',
  RATE_LIMITED: 'not run',
  NOT_FOUND: 'not run',
  METHOD_NOT_ALLOWED: 'not run',
  PAYLOAD_TOO_LARGE: 'not run',
  UNSUPPORTED_MEDIA_TYPE: 'not run',
  IDEMPOTENCY_KEY_REUSED: 'not run',
  SCRIPT_TOO_LARGE: 'not run',
  POLICY_VIOLATION: 'not run',
  SYNTAX_ERROR: 'raised',
  MAIN_MISSING: 'not run',
  INVALID_INPUTS: 'not run',
  SCRIPT_ERROR: 'raised',
  SCRIPT_EXITED: 'exited',
  SCRIPT_CRASHED: 'crashed',
  TIMEOUT: 'time',
  MEMORY_LIMIT: 'memory',
  OUTPUT_LIMIT: 'output',
  RESULT_TOO_LARGE: 'succeeded',
  RESULT_NOT_SERIALIZABLE: 'succeeded',
  ARTIFACTS_TOO_LARGE: 'succeeded',
  SANDBOX_BUSY: 'not run',
  SANDBOX_UNAVAILABLE: 'not run',
  INTERNAL: 'not run',
};

/** Returns what a program left; null where nothing was run, or nothing is known of it. */
export function programReport(outcome: ForeignOutcome): ProgramReport | null {
  const end = endOf(outcome);
  const { stdout, execution } = outcome;
  return (
    end && {
      end,
      stdout,
      stderr: stderrOf(outcome),
      wallMs: execution?.timings.runMs ?? null,
      cpuMs: execution?.cpuMs ?? null,
      memoryBytes: execution?.peakMemoryBytes ?? null,
    }
  );
}

function endOf(outcome: ForeignOutcome): ProgramEnd | null {
  if (outcome.kind === 'completed') {
    return { kind: 'exited', code: 0 };
  }
  const ending = ENDINGS[outcome.code];
  switch (ending) {
    case 'succeeded':
      return { kind: 'exited', code: 0 };
    case 'raised':
      return { kind: 'exited', code: 1 };
    case 'exited':
      return { kind: 'exited', code: outcome.exitCode ?? 1 };
    case 'crashed':
      return { kind: 'crashed', signal: outcome.signal ?? null };
    case 'not run':
      return null;
    default:
      return { kind: 'stopped', at: ending };
  }
}

function stderrOf(outcome: ForeignOutcome): string {
  const { stderr } = outcome;
  const raised = outcome.kind === 'failed' ? raisedOf(outcome) : '';
  if (raised === '') {
    return stderr;
  }
  const gap = stderr === '' || stderr.endsWith('\n') ? '' : '\n';
  return `${stderr}${gap}${raised}${raised.endsWith('\n') ? '' : '\n'}`;
}

function raisedOf({ code, traceback, message }: ForeignFailure): string {
  return traceback ?? (ENDINGS[code] === 'raised' ? message : '');
}
