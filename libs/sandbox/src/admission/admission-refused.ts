/** How many run and how many calls wait. */
export interface Standing {
  readonly running: number;
  readonly waiting: number;
}

/** There is no place: the queue is full, or its deadline passed. */
export class AdmissionRefused extends Error {
  override readonly name = 'AdmissionRefused';

  constructor(
    readonly reason: 'queue-full' | 'queue-timeout' | 'closed',
    /** When a place is likely, seconds; at least 1. */
    readonly retryAfterSeconds: number,
    /** What its caller has, without what was refused. */
    readonly own: Standing,
    /** What all have together. */
    readonly all: Standing,
    /** Places that its caller may have at once by its terms; null: as many as the queue gives to any. */
    readonly share: number | null,
  ) {
    super(reason);
  }
}
