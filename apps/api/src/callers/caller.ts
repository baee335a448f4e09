import type { CallerTerms } from '@pycell/sandbox';
import type { Rate } from '../configuration/rates-options';

/** Who sent a request, and what it has of the service. */
export interface Caller extends CallerTerms {
  /** The name of its key; null for one that is told by its address. */
  readonly key: string | null;
  /** The rate of its key; null: that of everybody. */
  readonly rate: Rate | null;
}
