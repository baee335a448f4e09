import { randomBytes } from 'node:crypto';

/** A string, which is left alone, or a number. Of valid JSON. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** A number of JSON whose digits JavaScript would change: an integer beyond 2^53, or 1.0, which is a float in Python. */
export class ExactNumber {
  /** @param text as it stands in JSON */
  constructor(readonly text: string) {}

  /** For whoever writes it without knowing of it: the number that JavaScript has for it. */
  toJSON(): number {
    return Number(this.text);
  }
}

/**
 * Parses JSON in which digits count: a number that JavaScript would write otherwise becomes an ExactNumber.
 * @throws SyntaxError where it is no JSON
 */
export function parseExactly(json: string): unknown {
  // First, and so the expression above sees nothing but valid JSON.
  const rounded: unknown = JSON.parse(json);
  const texts: string[] = [];
  const mark = newMark();
  const marked = json.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') || String(Number(token)) === token ? token : `"${mark}${texts.push(token) - 1}"`,
  );
  if (texts.length === 0) {
    return rounded;
  }
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark)
      ? new ExactNumber(texts[Number(value.slice(mark.length))] ?? '')
      : value,
  );
}

/** Returns a copy of a parsed value in which something else stands for each ExactNumber. @param tell what, by its text */
export function withoutExactNumbers(value: unknown, tell: (text: string) => unknown): unknown {
  if (value instanceof ExactNumber) {
    return tell(value.text);
  }
  if (Array.isArray(value)) {
    return value.map((item) => withoutExactNumbers(item, tell));
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => [key, withoutExactNumbers(member, tell)]);
    return Object.fromEntries(members);
  }
  return value;
}

/** Writes what `parseExactly` returned, or what holds it, as JSON with all its digits. */
export function stringifyExactly(value: unknown): string {
  const texts: string[] = [];
  const mark = newMark();
  const json = JSON.stringify(withoutExactNumbers(value, (text) => `${mark}${texts.push(text) - 1}`));
  return texts.length === 0
    ? json
    : json.replace(new RegExp(`"${mark}(\\d+)"`, 'g'), (_match, index: string) => texts[Number(index)] ?? '');
}

/** What no script can foresee, and so have in a string. */
function newMark(): string {
  return `number${randomBytes(16).toString('hex')}:`;
}
