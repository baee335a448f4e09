import { lastStartAt, type TextSpan } from './styled-text';

/** Where something was found in a text. */
export interface TextMatches {
  /** Where the matches begin, ascending. UTF-16 code units. */
  readonly starts: readonly number[];
  /** Of each match. UTF-16 code units. */
  readonly length: number;
  /** Where the match begins that is looked at; null: there is none. */
  readonly current: number | null;
}

/**
 * Makes matches stand out in a part of a text. They have colours of their own, since those of the program may be any.
 *
 * @param start of the first span in the text
 */
export function markMatches(spans: readonly TextSpan[], start: number, matches: TextMatches): TextSpan[] {
  const { starts, length, current } = matches;
  // The first that reaches into the part.
  let next = lastStartAt(starts, start - length) + 1;
  let at = start;
  const marked: TextSpan[] = [];
  for (const { text, style } of spans) {
    const end = at + text.length;
    let from = at;
    while (from < end) {
      const matchStart = starts[next] ?? Infinity;
      const isHit = from >= matchStart;
      const to = Math.min(end, isHit ? matchStart + length : matchStart);
      const className = `${style.className} hit${matchStart === current ? ' current' : ''}`.trim();
      marked.push({ text: text.slice(from - at, to - at), style: isHit ? { className } : style });
      if (to === matchStart + length) next += 1;
      from = to;
    }
    at = end;
  }
  return marked;
}
