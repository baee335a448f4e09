/** Who asks for a place, and for what. */
export interface Claim {
  /** Tells callers apart; the queue is fair between them. */
  readonly caller: string;
  /** A `batch` takes its places one by one, after the calls, and waits as long as it takes. */
  readonly kind: 'call' | 'batch';
}
