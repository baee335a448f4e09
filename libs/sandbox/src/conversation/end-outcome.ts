import { FIXED_LIMITS } from '@pycell/contracts';
import type { EndedMessage } from '../protocol/messages';
import type { Outcome } from '../run/outcome';

/** Returns the outcome of a run that told none: what its supervisor saw. */
export function outcomeOfEnd({ status, exitCode, signal, line }: EndedMessage): Outcome {
  switch (status) {
    case 'OK':
      return {
        status: 'SANDBOX_UNAVAILABLE',
        cause: 'the supervisor ended a run that had told no outcome',
      };
    case 'SCRIPT_EXITED':
      return { status, message: exitMessage(exitCode ?? 0), exitCode: exitCode ?? 0 };
    case 'SCRIPT_CRASHED':
      // In the jail nothing inside can bring it about (the filter of system calls sees to that): it came from the host,
      // most likely for want of memory.
      return signal === 'SIGKILL'
        ? { status: 'KILLED' }
        : {
            status,
            message: `Script crashed the interpreter: the process died by ${signal ?? 'an unknown signal'}`,
            ...(signal !== null && { signal }),
          };
    case 'TIMEOUT':
      return { status, ...(line !== undefined && { line }) };
    case 'OUTPUT_LIMIT':
    case 'CANCELLED':
      return { status };
    default:
      return status satisfies never;
  }
}

function exitMessage(exitCode: number): string {
  const { exitWithoutConnection } = FIXED_LIMITS;
  return exitCode === exitWithoutConnection
    ? `Script ended before its result was delivered: it closed the descriptor that carries it (or exited with code ${exitWithoutConnection})`
    : `Script ended its process with exit code ${exitCode} instead of returning from main()`;
}
