import type { CallbackTarget } from '../jobs/callback-rules';
import type { Secret } from '../configuration/secret';

/** One callback, ready to be sent. */
export interface Delivery {
  readonly target: CallbackTarget;
  /** Of the execution; the same on each attempt. */
  readonly id: string;
  /** JSON. */
  readonly body: string;
  /** Of the owner: `whsec_` and base64. */
  readonly secret: Secret;
}

/** Why an attempt came to nothing, in a word for log and metrics. */
export const FAILURE_REASONS = [
  'status',
  'redirect',
  'timeout',
  'name',
  'private_address',
  'certificate',
  'tls',
  'connection',
  'answer',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

/** What has become of an attempt. */
export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly status: number }
  /** The receiver wants no more of them. */
  | { readonly kind: 'gone'; readonly status: number }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      readonly status: number | null;
      /** So long the receiver wants to be left alone; null where it does not say, or may not. */
      readonly retryAfterMs: number | null;
    };

const GONE = 410;
const WITH_RETRY_AFTER: readonly number[] = [429, 503];

/** @param retryAfter the header, as it came */
export function resultOf(status: number, retryAfter: string | undefined): DeliveryResult {
  if (status >= 200 && status < 300) {
    return { kind: 'delivered', status };
  }
  if (status === GONE) {
    return { kind: 'gone', status };
  }
  const reason = status >= 300 && status < 400 ? 'redirect' : 'status';
  const retryAfterMs = WITH_RETRY_AFTER.includes(status) ? millisecondsOf(retryAfter) : null;
  return { kind: 'failed', reason, status, retryAfterMs };
}

/** `Retry-After` has seconds, or a date. */
function millisecondsOf(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined) {
    return null;
  }
  if (/^\d{1,9}$/.test(retryAfter)) {
    return Number(retryAfter) * 1000;
  }
  const date = retryAfter.endsWith(' GMT') ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
