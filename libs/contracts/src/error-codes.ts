/**
 * Every code that an error answer of the API can carry, in the order in which the checks happen.
 * The codes are public: a new one is an addition, a changed one needs an ADR.
 */
export const ERROR_CODES = [
  'INVALID_REQUEST',
  'NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'SCRIPT_TOO_LARGE',
  'POLICY_VIOLATION',
  'SYNTAX_ERROR',
  'MAIN_MISSING',
  'SCRIPT_ERROR',
  'SCRIPT_EXITED',
  'SCRIPT_CRASHED',
  'TIMEOUT',
  'MEMORY_LIMIT',
  'OUTPUT_LIMIT',
  'RESULT_TOO_LARGE',
  'RESULT_NOT_SERIALIZABLE',
  'SANDBOX_BUSY',
  'SANDBOX_UNAVAILABLE',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** The message of `MAIN_MISSING`; existing clients compare it. */
export const MAIN_MISSING_MESSAGE = 'Script must contain a main() function';
