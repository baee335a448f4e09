import type { ErrorCode } from '@pycell/contracts';
import { lookUp } from '../api/look-up';
import type { RunOutcome } from '../api/run-outcome';
import { describeOutcome } from './outcome-description';

/** What to do about each refusal or failure; the message says what happened. A code without advice would not compile. */
const ADVICE: Readonly<Record<ErrorCode, string>> = {
  INVALID_REQUEST:
    'Page and API may be of different versions: reload the page. What the page sent is named above.',
  NOT_FOUND:
    'pycell answers, and not at this path: check the address of the API in the settings, without anything behind it.',
  METHOD_NOT_ALLOWED:
    'pycell answers, and takes no script at this path: check the address of the API in the settings, without anything behind it.',
  PAYLOAD_TOO_LARGE: 'Shorten the script, or have it compute the data that stands in it.',
  UNSUPPORTED_MEDIA_TYPE:
    'Page and API may be of different versions: reload the page. If it stays so, look at what stands between the two and changes requests.',
  POLICY_VIOLATION:
    'Scripts may not use this here. Compute with what the script has, and return the result instead of writing it anywhere.',
  SYNTAX_ERROR: 'Python could not read the script. Look at the marked place, and at the line above it.',
  MAIN_MISSING: 'Add a function called main at the top level. What it returns is the result.',
  SCRIPT_TOO_LARGE: 'Shorten the script: data that it can compute need not stand in it.',
  SCRIPT_ERROR:
    'To see the values on the way, print them before that line: what was printed is kept when a script fails.',
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
  SANDBOX_BUSY: 'Other runs have all places. Each of them ends at the time limit at the latest.',
  SANDBOX_UNAVAILABLE:
    'If it stays so, whoever runs the service finds the reason with npm run doctor on its host.',
  INTERNAL: 'If it stays so, whoever runs the service finds the reason in its log by the request id below.',
};

/** What to do next; empty for a run that was cancelled, and where a newer service has a code of its own. */
export function adviceOn(outcome: RunOutcome): string {
  const { advice } = describeOutcome(outcome);
  if (outcome.kind !== 'failed') return advice;
  return [advice, lookUp(ADVICE, outcome.error.code) ?? ''].filter(Boolean).join(' ');
}
