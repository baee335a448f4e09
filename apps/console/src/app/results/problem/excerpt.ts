/** A line of the script near a place. */
export interface ExcerptLine {
  /** 1-based. */
  readonly number: number;
  readonly text: string;
  /** Where on this line it is, UTF-16 code units from its start; null on the lines around. */
  readonly mark: number | null;
}

const LINES_AROUND = 1;
/** A window around the place on very long lines. UTF-16 code units. */
const MAX_LINE_LENGTH = 400;

/**
 * The lines around a place in the script.
 *
 * @param line 1-based
 * @param column 1-based, in code points; absent where only the line is known
 */
export function excerptOf(script: string, line: number, column: number | undefined): ExcerptLine[] {
  const lines = script.split(/\r\n|\r|\n/);
  const excerpt: ExcerptLine[] = [];
  for (let number = Math.max(1, line - LINES_AROUND); number <= line + LINES_AROUND; number += 1) {
    const text = lines[number - 1];
    if (text === undefined || (number !== line && text.trim() === '')) continue;
    excerpt.push({
      number,
      text: text.slice(0, MAX_LINE_LENGTH),
      mark: number === line ? markOf(text, column) : null,
    });
  }
  return excerpt;
}

function markOf(text: string, column: number | undefined): number {
  if (column === undefined) return text.length - text.trimStart().length;
  const mark = Array.from(text)
    .slice(0, column - 1)
    .join('').length;
  return Math.min(mark, MAX_LINE_LENGTH);
}
