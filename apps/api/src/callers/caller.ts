import type { CallerTerms } from '@pycell/sandbox';
import type { Rate } from '../configuration/rates-options';

/** Who sent a request, and what it has of the service. */
export interface Caller extends CallerTerms {
  /** The name of its key; null for one that is told by its address. */
  readonly key: string | null;
  /** How many requests it may send in a time, by its key; null where its key does not say, and for an address. */
  readonly rate: Rate | null;
}
