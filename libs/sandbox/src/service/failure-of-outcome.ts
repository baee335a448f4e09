import { MAIN_MISSING_MESSAGE, type ExecutionLimits } from '@pycell/contracts';
import type { Outcome, ScriptFailure } from '../run/outcome';
import { ExecutionCancelled, ExecutionFailure, type FailureFacts } from './execution-failure';

type FailedOutcome = Exclude<Outcome, { status: 'OK' }>;

/** Returns the error for a run that gave no result; `facts` is what was measured and printed. */
export function failureOfOutcome(
  outcome: FailedOutcome,
  limits: ExecutionLimits,
  facts: FailureFacts,
): ExecutionFailure | ExecutionCancelled {
  switch (outcome.status) {
    case 'CANCELLED':
      return new ExecutionCancelled();
    case 'SANDBOX_UNAVAILABLE':
      return unavailable(outcome.cause);
    case 'KILLED':
      return new ExecutionFailure('MEMORY_LIMIT', KILLED_MESSAGE, facts);
    case 'TIMEOUT':
      return new ExecutionFailure(outcome.status, messageOf(outcome, limits), {
        ...facts,
        ...placeOf(outcome.line),
      });
    case 'SCRIPT_CRASHED':
      return new ExecutionFailure(outcome.status, messageOf(outcome, limits), {
        ...facts,
        ...(outcome.signal !== undefined && { signal: outcome.signal }),
      });
    case 'OUTPUT_LIMIT':
      return new ExecutionFailure(outcome.status, messageOf(outcome, limits), facts);
    default:
      return new ExecutionFailure(outcome.status, messageOf(outcome, limits), {
        ...facts,
        ...detailsOf(outcome),
      });
  }
}

/** The sandbox cannot run scripts at the moment. `cause` goes to the log only. */
export function unavailable(cause: unknown): ExecutionFailure {
  return new ExecutionFailure(
    'SANDBOX_UNAVAILABLE',
    'The sandbox is not available. No result was delivered: it is safe to retry.',
    { retryAfterSeconds: 1, cause },
  );
}

/** The script may have kept to its own limit: the message must not say that it has not. */
const KILLED_MESSAGE =
  'The machine ran out of memory while the script ran, and ended its process: use less memory, or try again later';

type OutcomeOfScript = Exclude<FailedOutcome, { status: 'CANCELLED' | 'KILLED' } | { cause: string }>;

/** One sentence for the client; where a limit was met, with the limit. */
function messageOf(outcome: OutcomeOfScript, limits: ExecutionLimits): string {
  const { timeoutSeconds } = limits;
  switch (outcome.status) {
    case 'TIMEOUT':
      return `Script ran longer than the limit of ${timeoutSeconds} ${timeoutSeconds === 1 ? 'second' : 'seconds'}`;
    case 'OUTPUT_LIMIT':
      return `Script printed more than the limit of ${limits.maxOutputBytes} bytes (stdout and stderr together)`;
    case 'MEMORY_LIMIT':
      return `Script needed more memory than the limit of ${limits.memoryLimitMb} MB: ${outcome.message}`;
    case 'ARTIFACTS_TOO_LARGE':
      return `Files in output/ and figures are more than the limits of ${limits.maxFiles} files and ${limits.maxArtifactBytes} bytes: ${outcome.message}`;
    case 'RESULT_TOO_LARGE':
      return `Return value is larger than the limit of ${limits.maxResultBytes} bytes of JSON: ${outcome.message}`;
    case 'MAIN_MISSING':
      // The run may write what it likes; clients compare this one.
      return MAIN_MISSING_MESSAGE;
    default:
      return outcome.message;
  }
}

function placeOf(line: number | undefined): Pick<FailureFacts, 'line' | 'hint'> {
  return line === undefined
    ? {}
    : {
        line,
        hint: `Line ${line} was running when the time was over: look at it, and at the loops and waits around it.`,
      };
}

function detailsOf({ line, column, traceback, hint, exitCode, artifacts }: ScriptFailure): FailureFacts {
  return {
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(traceback !== undefined && { traceback }),
    ...(hint !== undefined && { hint }),
    ...(exitCode !== undefined && { exitCode }),
    ...(artifacts && { artifacts }),
  };
}
