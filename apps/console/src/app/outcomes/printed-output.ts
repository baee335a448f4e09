import type { RunOutcome } from '../api/run-outcome';

/** What a script printed, as far as it is known. */
export function outputOf(outcome: RunOutcome | null): { readonly stdout: string; readonly stderr: string } {
  const source = sourceOf(outcome);
  return { stdout: source?.stdout ?? '', stderr: source?.stderr ?? '' };
}

/** A last line end begins no line. */
export function lineCount(text: string): number {
  let count = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function sourceOf(
  outcome: RunOutcome | null,
): { readonly stdout?: string; readonly stderr?: string } | undefined {
  switch (outcome?.kind) {
    case 'succeeded':
      return outcome;
    case 'failed':
      return outcome.error;
    case 'cancelled':
    case 'unreachable':
      return outcome.received;
    default:
      return undefined;
  }
}
