import { STATUSES } from '@pycell/contracts';
import { lookUp } from '../api/look-up';
import type { RunOutcome } from '../api/run-outcome';
import { describeOutcome } from './outcome-description';

/**
 * What to do next: the service's hint, which knows the script, or else what is true of every such outcome. Empty for a run
 * that was cancelled, and where a newer service has a code of its own.
 */
export function adviceOn(outcome: RunOutcome): string {
  const { advice } = describeOutcome(outcome);
  if (outcome.kind !== 'failed') return advice;
  const { code, hint } = outcome.error;
  // An address may have a service of another version behind it.
  const known = typeof hint === 'string' && hint !== '' ? hint : lookUp(STATUSES, code)?.advice;
  return [advice, known ?? ''].filter(Boolean).join(' ');
}
