import type { RunOutcome } from '../api/run-outcome';

/** What a script printed, as far as it is known. */
export function outputOf(outcome: RunOutcome | null): { readonly stdout: string; readonly stderr: string } {
  const source = outcome?.kind === 'failed' ? outcome.error : outcome?.kind === 'succeeded' ? outcome : null;
  return { stdout: source?.stdout ?? '', stderr: source?.stderr ?? '' };
}
