/** Who asks for a place, and for what. */
export interface Claim {
  /** Tells callers apart; the queue is fair between them. */
  readonly caller: string;
  /** A `batch` takes its places one by one, after the calls, and waits as long as it takes. */
  readonly kind: 'call' | 'batch';
  /** The share of its caller: it never takes more places at once. Null: as many as the queue gives to any. */
  readonly maxPlaces: number | null;
  /** Which version of the caller's terms says so; an older one that comes later changes nothing. 0 of who has no others. */
  readonly version: number;
}
