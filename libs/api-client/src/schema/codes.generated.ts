import type { ErrorCode } from './schema';

/**
 * The status that each code has, and whose concern it is: the author's of the script, the caller's, the operator's. Generated
 * from libs/contracts by `npm run generate`: do not edit.
 */
export const CODES: Readonly<
  Record<ErrorCode, { readonly http: number; readonly kind: 'script' | 'refused' | 'service' }>
> = {
  INVALID_REQUEST: { http: 400, kind: 'refused' },
  UNAUTHENTICATED: { http: 401, kind: 'refused' },
  FORBIDDEN: { http: 403, kind: 'refused' },
  RATE_LIMITED: { http: 429, kind: 'refused' },
  NOT_FOUND: { http: 404, kind: 'refused' },
  METHOD_NOT_ALLOWED: { http: 405, kind: 'refused' },
  PAYLOAD_TOO_LARGE: { http: 413, kind: 'refused' },
  UNSUPPORTED_MEDIA_TYPE: { http: 415, kind: 'refused' },
  IDEMPOTENCY_KEY_REUSED: { http: 422, kind: 'refused' },
  SCRIPT_TOO_LARGE: { http: 400, kind: 'script' },
  POLICY_VIOLATION: { http: 400, kind: 'script' },
  SYNTAX_ERROR: { http: 400, kind: 'script' },
  MAIN_MISSING: { http: 400, kind: 'script' },
  INVALID_INPUTS: { http: 422, kind: 'script' },
  SCRIPT_ERROR: { http: 422, kind: 'script' },
  SCRIPT_EXITED: { http: 422, kind: 'script' },
  SCRIPT_CRASHED: { http: 422, kind: 'script' },
  TIMEOUT: { http: 422, kind: 'script' },
  MEMORY_LIMIT: { http: 422, kind: 'script' },
  OUTPUT_LIMIT: { http: 422, kind: 'script' },
  RESULT_TOO_LARGE: { http: 422, kind: 'script' },
  ARTIFACTS_TOO_LARGE: { http: 422, kind: 'script' },
  RESULT_NOT_SERIALIZABLE: { http: 422, kind: 'script' },
  SANDBOX_BUSY: { http: 503, kind: 'service' },
  SANDBOX_UNAVAILABLE: { http: 503, kind: 'service' },
  INTERNAL: { http: 500, kind: 'service' },
};
