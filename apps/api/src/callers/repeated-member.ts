/** Characters that are looked at in a turn, some milliseconds. */
const SLICE = 256 * 1024;

/** A name that an object has twice, of which `JSON.parse` keeps the last without a word. */
export interface RepeatedMember {
  readonly name: string;
  /** Where it is the second time, counted from 1. */
  readonly line: number;
}

/**
 * Looks for an object that has a name twice: two readers may take two meanings from it, and the one that people read is the
 * first. Pauses now and then.
 * @param text of JSON that is valid
 */
export function* findRepeatedMember(text: string): Generator<void, RepeatedMember | null> {
  /** The names of each object around; lists have none. */
  const around: Set<string>[] = [];
  let pauseAt = SLICE;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') {
      around.push(new Set());
    } else if (character === '}') {
      around.pop();
    } else if (character === '"') {
      const from = at;
      at = endOfString(text, at);
      const names = around.at(-1);
      if (names && isName(text, at + 1)) {
        // Escapes are another spelling of the same name.
        const name = JSON.parse(text.slice(from, at + 1)) as string;
        if (names.has(name)) {
          return { name, line: text.slice(0, from).split('\n').length };
        }
        names.add(name);
      }
    }
    if (at >= pauseAt) {
      pauseAt = at + SLICE;
      yield;
    }
  }
  return null;
}

/** @returns where its second quotation mark is */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') {
      at++;
    } else if (text[at] === '"') {
      return at;
    }
  }
  return text.length;
}

/** Whether a string that ends before `at` is the name of a member: in valid JSON no other is followed by a colon. */
function isName(text: string, at: number): boolean {
  let next = at;
  while (text[next] === ' ' || text[next] === '\n' || text[next] === '\r' || text[next] === '\t') {
    next++;
  }
  return text[next] === ':';
}
