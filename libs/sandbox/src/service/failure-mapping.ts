import { MAIN_MISSING_MESSAGE, type ExecutionLimits } from '@pycell/contracts';
import { ExecutionCancelled, ExecutionFailure, type FailureFacts } from '../execution-failure';
import type { RunEnd } from '../executors/sandbox-executor';
import type { FailureMessage } from '../protocol/messages';

type FailedEnd = Exclude<RunEnd, { kind: 'returned' }>;

/** Returns the error for a run that gave no result; `facts` is what was measured and printed. */
export function failureOf(
  end: FailedEnd,
  limits: ExecutionLimits,
  facts: FailureFacts,
): ExecutionFailure | ExecutionCancelled {
  switch (end.kind) {
    case 'failed':
      return failureByRun(end.failure, limits, facts);
    case 'exited':
      return new ExecutionFailure(
        'SCRIPT_EXITED',
        `Script ended its process with exit code ${end.exitCode} instead of returning from main()`,
        facts,
      );
    case 'channel-closed':
      return new ExecutionFailure(
        'SCRIPT_EXITED',
        'Script ended before its result was delivered: it closed the descriptor that carries it (or exited with code 98)',
        facts,
      );
    case 'crashed':
      return new ExecutionFailure(
        'SCRIPT_CRASHED',
        `Script crashed the interpreter: the process died by ${end.signal}`,
        facts,
      );
    case 'timeout':
      return new ExecutionFailure(
        'TIMEOUT',
        `Script ran longer than the limit of ${limits.timeoutSeconds} ${limits.timeoutSeconds === 1 ? 'second' : 'seconds'}`,
        facts,
      );
    case 'output-limit':
      return new ExecutionFailure(
        'OUTPUT_LIMIT',
        `Script printed more than the limit of ${limits.maxOutputBytes} bytes (stdout and stderr together)`,
        facts,
      );
    case 'cancelled':
      return new ExecutionCancelled();
    case 'malformed':
      return new ExecutionFailure('INTERNAL', 'Internal error', { ...facts, cause: end.cause });
    case 'unavailable':
      return unavailable(end.cause);
    default:
      return end satisfies never;
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

function failureByRun(
  failure: FailureMessage,
  limits: ExecutionLimits,
  measured: FailureFacts,
): ExecutionFailure {
  const { code, message, line, column, traceback } = failure;
  const facts: FailureFacts = {
    ...measured,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(traceback !== undefined && { traceback }),
  };
  switch (code) {
    case 'MAIN_MISSING':
      return new ExecutionFailure(code, MAIN_MISSING_MESSAGE, facts);
    case 'MEMORY_LIMIT':
      return new ExecutionFailure(
        code,
        `Script needed more memory than the limit of ${limits.memoryLimitMb} MB: ${message}`,
        facts,
      );
    case 'RESULT_TOO_LARGE':
      return new ExecutionFailure(
        code,
        `Return value is larger than the limit of ${limits.maxResultBytes} bytes of JSON: ${message}`,
        facts,
      );
    case 'SYNTAX_ERROR':
    case 'SCRIPT_ERROR':
    case 'SCRIPT_EXITED':
    case 'RESULT_NOT_SERIALIZABLE':
      return new ExecutionFailure(code, message, facts);
    default:
      return code satisfies never;
  }
}
