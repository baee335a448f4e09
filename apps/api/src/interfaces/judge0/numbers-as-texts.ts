import { parseExactly, withoutExactNumbers } from '../door/exact-numbers';

type Members = Record<string, unknown>;

/** What a program reads and is judged by: test cases that come from a table have numbers there. */
const TEXTS = ['stdin', 'expected_output'] as const;

/**
 * Parses a body as JSON.parse does, but for numbers in the place of texts, of a submission or of those of a batch: each becomes a text
 * with the digits that were sent, so that 1.0 is no 1.
 * @throws SyntaxError
 */
export function parseNumbersAsTexts(json: string): unknown {
  const body: unknown = JSON.parse(json);
  const submissions = submissionsIn(body);
  if (submissions.some((submission) => isRecord(submission) && hasNumbers(submission))) {
    const exact = submissionsIn(parseExactly(json));
    for (const [index, submission] of submissions.entries()) {
      const digits = exact[index];
      if (isRecord(submission) && isRecord(digits)) {
        for (const name of TEXTS.filter((text) => typeof submission[text] === 'number')) {
          submission[name] = String(withoutExactNumbers(digits[name], (text) => text));
        }
      }
    }
  }
  return body;
}

function hasNumbers(submission: Members): boolean {
  return TEXTS.some((name) => typeof submission[name] === 'number');
}

/** What is no submission stays among them: places are what the same submissions of another parser are found by. */
function submissionsIn(body: unknown): readonly unknown[] {
  const batch = isRecord(body) ? body['submissions'] : null;
  return [body, ...(Array.isArray(batch) ? (batch as readonly unknown[]) : [])];
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
