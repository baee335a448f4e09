import { lookUp } from '../../api/look-up';
import type { RunOutcome } from '../../api/run-outcome';
import { describeOutcome } from '../outcome-description';

/** What to do about each refusal or failure; the message says what happened. */
const ADVICE: Readonly<Record<string, string>> = {
  POLICY_VIOLATION:
    'Scripts may not use this here. Compute with what the script has, and return the result instead of writing it anywhere.',
  SYNTAX_ERROR: 'Python could not read the script. Look at the marked place, and at the line above it.',
  MAIN_MISSING: 'Add a function called main at the top level. What it returns is the result.',
  SCRIPT_TOO_LARGE: 'Shorten the script: data that it can compute need not stand in it.',
  SCRIPT_EXITED: 'Return from main() instead of ending the process.',
  SCRIPT_CRASHED:
    'The interpreter itself died, which plain Python code does not do. Look for native code and deep recursion.',
  TIMEOUT:
    'Look for a loop that does not end, or do less work in one run. What was printed until then is kept.',
  MEMORY_LIMIT: 'Work on smaller pieces: generators instead of lists, fewer copies, smaller arrays.',
  OUTPUT_LIMIT: 'Print less, or return the data instead of printing it. What fitted is kept.',
  RESULT_TOO_LARGE: 'Return a part or a summary: the first rows, a group-by, a sample.',
  RESULT_NOT_SERIALIZABLE:
    'Return numbers, texts, lists and dicts, or numpy, pandas and datetime values. Convert anything else first.',
};

/** What to do next; may be empty. */
export function adviceOn(outcome: RunOutcome): string {
  const { advice } = describeOutcome(outcome);
  return advice === '' && outcome.kind === 'failed' ? (lookUp(ADVICE, outcome.error.code) ?? '') : advice;
}
