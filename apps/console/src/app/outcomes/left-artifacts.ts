import type { Artifact } from '@pycell/contracts';
import type { RunOutcome } from '../api/run-outcome';

/** Files and figures that a script left, as far as they are known. */
export function artifactsOf(outcome: RunOutcome | null): readonly Artifact[] {
  // What an older console kept in the history has none.
  if (outcome?.kind === 'succeeded') return (outcome as Partial<typeof outcome>).artifacts ?? [];
  if (outcome?.kind === 'cancelled' || outcome?.kind === 'unreachable') {
    return outcome.received?.artifacts ?? [];
  }
  return outcome?.kind === 'failed' ? (outcome.error.artifacts ?? []) : [];
}
