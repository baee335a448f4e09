import { STATUSES } from '@pycell/contracts';
import { lookUp } from '../api/look-up';
import type { RunOutcome } from '../api/run-outcome';
import { describeOutcome } from './outcome-description';

/** What to do next; empty for a run that was cancelled, and where a newer service has a code of its own. */
export function adviceOn(outcome: RunOutcome): string {
  const { advice } = describeOutcome(outcome);
  if (outcome.kind !== 'failed') return advice;
  return [advice, lookUp(STATUSES, outcome.error.code)?.advice ?? ''].filter(Boolean).join(' ');
}
