/** Where the raw text of a value lies in a JSON text: offsets in UTF-16 code units, end exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

const SPACE = /[ \t\n\r]/;

/** @returns the offset of what follows the space at `from` */
export function skipSpace(json: string, from: number): number {
  let at = from;
  while (at < json.length && SPACE.test(json.charAt(at))) at += 1;
  return at;
}

/** @returns the offset behind the closing quote, or null for a string without one */
export function endOfString(json: string, start: number): number | null {
  for (let at = json.indexOf('"', start + 1); at !== -1; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return null;
}

/** Everything outside of strings that can change the depth or end a plain value. */
const STRUCTURE = /["{}[\],]/g;

/** @returns the offset behind the value, without the space that follows it, or null where the text ends too early */
export function endOfValue(json: string, start: number): number | null {
  if (json[start] === '"') return endOfString(json, start);
  // A regular expression of its own for each call: its position is state.
  const structure = new RegExp(STRUCTURE);
  structure.lastIndex = start;
  let depth = 0;
  for (let match = structure.exec(json); match !== null; match = structure.exec(json)) {
    const at = match.index;
    switch (match[0]) {
      case '"': {
        const end = endOfString(json, at);
        if (end === null) return null;
        structure.lastIndex = end;
        break;
      }
      case '{':
      case '[':
        depth += 1;
        break;
      case ',':
        if (depth === 0) return plainValueEnd(json, start, at);
        break;
      default:
        if (depth === 0) return plainValueEnd(json, start, at);
        depth -= 1;
        if (depth === 0) return at + 1;
    }
  }
  return null;
}

/** A number, `true`, `false` or `null` ends before what separates it from the next member. */
function plainValueEnd(json: string, start: number, separator: number): number | null {
  const end = start + json.slice(start, separator).trimEnd().length;
  return end > start ? end : null;
}
