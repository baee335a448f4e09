import type { CallerTerms } from '@pycell/sandbox';

/** Who sent a request, and what it has of the service. */
export interface Caller extends CallerTerms {
  /** The name of its key; null for one that is told by its address. */
  readonly key: string | null;
}
