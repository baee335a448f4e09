import type { CallerTerms } from '@pycell/sandbox';

/** How many requests may come in a time. */
export interface RequestRate {
  readonly requests: number;
  readonly seconds: number;
}

/** Who sent a request, and what it has of the service. */
export interface Caller extends CallerTerms {
  /** The name of its key; null for one that is told by its address. */
  readonly key: string | null;
  /** The rate of its key; null: that of everybody. */
  readonly rate: RequestRate | null;
}
