import type { Claim } from '../admission/claim';
import type { CallerTerms } from './client';

/** Returns the claim of a caller to a place. */
export function claimOf({ id, maxPlaces, version }: CallerTerms, kind: Claim['kind']): Claim {
  return { caller: id, kind, maxPlaces, version };
}
