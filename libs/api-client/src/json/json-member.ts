import { endOfString, endOfValue, skipSpace, type TextSpan } from './json-scan';

/**
 * Finds the raw text of one member of the object that a JSON text holds, without parsing the value: `JSON.parse`
 * would round integers beyond 2^53, turn `1.0` into `1` and put keys that look like numbers first.
 *
 * It looks at brackets and strings only, so the value found may still be no JSON; whoever parses it says so.
 *
 * @returns the span of the first member of that name, or null where there is none or the text is no object
 */
export function findMember(json: string, name: string): TextSpan | null {
  const wanted = JSON.stringify(name);
  let at = skipSpace(json, 0);
  if (json[at] !== '{') return null;
  at = skipSpace(json, at + 1);
  while (json[at] === '"') {
    const keyEnd = endOfString(json, at);
    if (keyEnd === null) return null;
    const isWanted = json.slice(at, keyEnd) === wanted;
    at = skipSpace(json, keyEnd);
    if (json[at] !== ':') return null;
    const start = skipSpace(json, at + 1);
    const end = endOfValue(json, start);
    if (end === null) return null;
    if (isWanted) return { start, end };
    at = skipSpace(json, end);
    if (json[at] !== ',') return null;
    at = skipSpace(json, at + 1);
  }
  return null;
}
