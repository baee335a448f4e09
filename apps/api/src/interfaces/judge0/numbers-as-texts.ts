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
  if (submissions.some((submission) => TEXTS.some((name) => typeof submission[name] === 'number'))) {
    const exact = submissionsIn(parseExactly(json));
    for (const [index, submission] of submissions.entries()) {
      for (const name of TEXTS) {
        if (typeof submission[name] === 'number') {
          submission[name] = String(withoutExactNumbers(exact[index]?.[name], (text) => text));
        }
      }
    }
  }
  return body;
}

function submissionsIn(body: unknown): readonly Members[] {
  const batch = isRecord(body) ? body['submissions'] : null;
  return [body, ...(Array.isArray(batch) ? (batch as readonly unknown[]) : [])].filter(isRecord);
}

function isRecord(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
