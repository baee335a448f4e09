import {
  codesBy,
  type ErrorCode,
  type ErrorResponse,
  type ExecutionReport,
  MAIN_MISSING_MESSAGE,
  STATUSES,
} from '@pycell/contracts';
import { hintFor } from '@pycell/script-policy';
import { KeyFault } from '../callers/key-fault';

/** What the body of one code says beyond what all have in common. */
type Example = Partial<Omit<ErrorResponse, 'code' | 'requestId' | 'execution'>>;

const IMPORT_HINT = hintFor('blocked-import', 'os') ?? '';

/** Bodies as clients see them. A code that is not listed is shown with its title. */
const EXAMPLES: Partial<Record<ErrorCode, Example>> = {
  INVALID_REQUEST: {
    error: 'Unknown field "code"; field script is missing',
    hint: 'The script is sent as "script": {"script": "def main():\\n    return 1"}',
  },
  UNAUTHENTICATED: { error: KeyFault.missing.answer.message },
  FORBIDDEN: { error: 'The key "shop" is switched off: ask whoever runs the service' },
  NOT_FOUND: { error: 'There is no /exec here; GET / lists the endpoints' },
  METHOD_NOT_ALLOWED: { error: '/execute answers to POST, not to GET' },
  PAYLOAD_TOO_LARGE: { error: 'Request body is larger than the limit of 124096 bytes' },
  UNSUPPORTED_MEDIA_TYPE: { error: 'Content-Type is "text/plain", send the body as application/json' },
  SCRIPT_TOO_LARGE: {
    error: 'Script has 12000 characters, the limit is 10000. Shorten it or raise MAX_SCRIPT_SIZE.',
  },
  POLICY_VIOLATION: {
    error: 'Dangerous operation detected: import os',
    hint: IMPORT_HINT,
    line: 1,
    column: 8,
    violations: [
      {
        message: 'Dangerous operation detected: import os',
        line: 1,
        column: 8,
        endLine: 1,
        endColumn: 10,
        hint: IMPORT_HINT,
      },
      {
        message: 'Dangerous operation detected: eval(',
        line: 3,
        column: 12,
        endLine: 3,
        endColumn: 16,
        hint: hintFor('blocked-name', 'eval') ?? '',
      },
    ],
  },
  SYNTAX_ERROR: {
    error: "SyntaxError: '(' was never closed (line 2, column 12)",
    line: 2,
    column: 12,
    traceback: '  File "script.py", line 2\n    return (1\n           ^\nSyntaxError: \'(\' was never closed',
  },
  MAIN_MISSING: {
    error: MAIN_MISSING_MESSAGE,
    hint: 'The function is called Main: rename it to main.',
  },
  SCRIPT_ERROR: {
    error: 'ZeroDivisionError: division by zero (line 2)',
    line: 2,
    column: 12,
    traceback:
      'Traceback (most recent call last):\n  File "script.py", line 2, in main\n    return 1 / 0\n           ~~^~~\nZeroDivisionError: division by zero',
  },
  SCRIPT_EXITED: {
    error: 'Script called sys.exit(3) instead of returning from main() (line 2)',
    line: 2,
    column: 5,
  },
  SCRIPT_CRASHED: { error: 'Script crashed the interpreter: the process died by SIGSEGV' },
  TIMEOUT: {
    error: 'Script ran longer than the limit of 10 seconds',
    hint: 'Line 4 was running when the time was over: look at it, and at the loops and waits around it.',
    line: 4,
    stdout: 'step 1\n',
  },
  MEMORY_LIMIT: {
    error: 'Script needed more memory than the limit of 512 MB: MemoryError (line 2)',
    line: 2,
    column: 12,
  },
  OUTPUT_LIMIT: {
    error: 'Script printed more than the limit of 1048576 bytes (stdout and stderr together)',
    stdout: 'x...',
  },
  RESULT_TOO_LARGE: {
    error: 'Return value is larger than the limit of 4194304 bytes of JSON: it has 5000002',
  },
  RESULT_NOT_SERIALIZABLE: {
    error: 'Return value cannot become JSON: result["a"][0] is a main.<locals>.A, which has no JSON form',
  },
  SANDBOX_BUSY: { error: 'The sandbox is busy: 3 scripts are running and 64 waiting. Retry later.' },
  SANDBOX_UNAVAILABLE: {
    error: 'The sandbox is not available. No result was delivered: it is safe to retry.',
  },
  INTERNAL: { error: 'Internal error' },
};

/** Codes of scripts that ran: their answers have output and measurements. */
const RAN: ReadonlySet<ErrorCode> = new Set([...codesBy('run'), ...codesBy('supervisor')]);

const EXECUTION: ExecutionReport = {
  id: '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd',
  isolation: 'nsjail',
  durationMs: 3.5,
  cpuMs: 1.9,
  peakMemoryBytes: 548864,
  limits: { timeoutMs: 10_000, memoryMb: 512 },
  timings: { queueMs: 0.1, policyMs: 0.4, startMs: 0.6, runMs: 1.8, resultMs: 0.6 },
};

/**
 * Returns a whole body of an error answer with this code.
 * @param message what its `error` says instead of the usual sentence
 */
export function errorExample(code: ErrorCode, message?: string): ErrorResponse {
  const { error = STATUSES[code].title, ...facts } = EXAMPLES[code] ?? {};
  return {
    error: message ?? error,
    code,
    requestId: 'b0ab7a3e-6c1f-4f0e-8f0c-5b4d1f6a9c11',
    ...(RAN.has(code) && { stdout: '', stderr: '' }),
    ...facts,
    ...(RAN.has(code) && { execution: EXECUTION }),
  };
}
