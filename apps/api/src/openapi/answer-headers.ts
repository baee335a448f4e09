import { type ErrorCode, STATUSES } from '@pycell/contracts';
import { RATE_LIMIT_HEADER, RATE_LIMIT_POLICY_HEADER } from '../rates/rate-headers';

interface HeaderDescription {
  readonly description: string;
  readonly schema: { readonly type: string; readonly minimum?: number };
  readonly example?: string;
}

type Headers = Record<string, HeaderDescription>;

const RETRY_AFTER: Headers = {
  'Retry-After': { description: 'When to try again, seconds', schema: { type: 'integer', minimum: 1 } },
};

const WWW_AUTHENTICATE: Headers = {
  'WWW-Authenticate': {
    description: 'How to send a key, and what is wrong with the one that was sent (RFC 6750)',
    schema: { type: 'string' },
  },
};

/** Of answers to requests that are counted: to callers that have a rate. */
export const RATE_HEADERS: Headers = {
  [RATE_LIMIT_POLICY_HEADER]: {
    description:
      'The rate of the caller, where it has one: `q` requests in `w` seconds (draft-ietf-httpapi-ratelimit-headers-11)',
    schema: { type: 'string' },
    example: '"default";q=600;w=60',
  },
  [RATE_LIMIT_HEADER]: {
    description:
      'How the rate of the caller stood when the request came, where it has one: `r` more requests are let in at once, all of them after `t` seconds',
    schema: { type: 'string' },
    example: '"default";r=599;t=60',
  },
};

/** Returns the headers of an answer that has one of these codes; null where it has none of its own. */
export function headersOf(codes: readonly ErrorCode[]): Headers | null {
  const headers = {
    ...(codes.some((code) => STATUSES[code].retryable) && RETRY_AFTER),
    ...(codes.includes('UNAUTHENTICATED') && WWW_AUTHENTICATE),
    ...(codes.includes('RATE_LIMITED') && RATE_HEADERS),
  };
  return Object.keys(headers).length > 0 ? headers : null;
}
