import type { ServerResponse } from 'node:http';
import type { Rate } from '../configuration/rates-options';
import type { RateVerdict } from './rate-counter';

/** The headers of draft-ietf-httpapi-ratelimit-headers-11. */
export const RATE_LIMIT_POLICY_HEADER = 'RateLimit-Policy';
export const RATE_LIMIT_HEADER = 'RateLimit';

/** Returns after how many whole seconds, 1 at least, all requests of a rate are let in again. */
export function resetSecondsOf({ resetMs }: RateVerdict): number {
  return Math.max(1, Math.ceil(resetMs / 1000));
}

/** Tells in the headers of an answer what the rate of its caller is, and how it stood when its request came. */
export function setRateHeaders(response: ServerResponse, rate: Rate, verdict: RateVerdict): void {
  response.setHeader(RATE_LIMIT_POLICY_HEADER, `"default";q=${rate.requests};w=${rate.seconds}`);
  response.setHeader(RATE_LIMIT_HEADER, `"default";r=${verdict.remaining};t=${resetSecondsOf(verdict)}`);
}
