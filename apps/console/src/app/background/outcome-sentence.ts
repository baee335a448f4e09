import type { RunOutcome } from '../api/run-outcome';
import { describeOutcome } from '../outcomes/outcome-description';

/** An outcome in one sentence, for what tells of it in passing. */
export function sentenceOf(outcome: RunOutcome): string {
  const { title, detail } = describeOutcome(outcome);
  return `${title}${detail === '' ? '' : `: ${detail}`}`.replace(/[^.!?]$/, '$&.');
}
