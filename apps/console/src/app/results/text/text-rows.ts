import type { StyledText } from './styled-text';

/** Lines longer than this are broken even where lines are not: no browser draws them well. Columns. */
export const MAX_ROW_COLUMNS = 5_000;
const TAB = 8;

/** A text cut into rows of a grid of characters. */
export interface TextRows {
  readonly count: number;
  /** Where row i begins; at `count` the end of the text. UTF-16 code units. */
  readonly starts: Int32Array;
  /** Columns of the widest row, about. */
  readonly widest: number;
}

/** Characters that are two columns wide: east Asian scripts, full-width forms, pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
/** Characters that stand on the one before. */
const COMBINING = /\p{Mn}|\p{Me}|\p{Cf}/u;

/**
 * Cuts at line ends and, as terminals do, after so many columns. Then every row has one height and a text of any length
 * can be scrolled without being laid out as a whole.
 *
 * @param columns how many columns a row may have
 */
export function cutIntoRows({ text }: Pick<StyledText, 'text'>, columns: number): TextRows {
  const width = Math.max(8, Math.min(columns, MAX_ROW_COLUMNS));
  const starts = new OffsetList();
  const hasTabs = text.includes('\t');
  let widest = 0;
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  for (let start = 0; start <= end;) {
    const newline = text.indexOf('\n', start);
    const lineEnd = newline === -1 ? text.length : newline;
    if (text.length > 0) starts.push(start);
    widest = Math.max(widest, breakLine(text, start, lineEnd, { width, hasTabs, starts }));
    start = lineEnd + 1;
  }
  const count = starts.length;
  starts.push(text.length);
  return { count, starts: starts.toArray(), widest: Math.min(widest, width) };
}

/** Grows without a second copy of millions of numbers at the end. */
class OffsetList {
  private offsets = new Int32Array(1_024);
  length = 0;

  push(offset: number): void {
    if (this.length === this.offsets.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.offsets);
      this.offsets = larger;
    }
    this.offsets[this.length] = offset;
    this.length += 1;
  }

  toArray(): Int32Array {
    return this.offsets.subarray(0, this.length);
  }
}

interface Breaking {
  /** Columns. */
  readonly width: number;
  readonly hasTabs: boolean;
  readonly starts: OffsetList;
}

/** The end of a row's own characters, without the newline. */
export function endOfRow(text: string, rows: TextRows, row: number): number {
  const end = rows.starts[row + 1] ?? text.length;
  return end > (rows.starts[row] ?? 0) && text.charAt(end - 1) === '\n' ? end - 1 : end;
}

/** @returns the columns of the line's widest row */
function breakLine(text: string, start: number, end: number, { width, hasTabs, starts }: Breaking): number {
  // Most characters are one column, none is more than two, a tab is up to eight.
  const length = end - start;
  if (!hasTabs && length * 2 <= width) return length * 2;
  if (isPlain(text, start, end)) {
    for (let at = start + width; at < end; at += width) starts.push(at);
    return Math.min(length, width);
  }
  let column = 0;
  for (let at = start; at < end;) {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    const columns = columnsOf(character, column);
    if (column + columns > width) {
      starts.push(at);
      column = 0;
    }
    column += columns;
    at += character.length;
  }
  return width;
}

function columnsOf(character: string, column: number): number {
  if (character === '\t') return TAB - (column % TAB);
  if (character < '\u0300') return 1;
  if (WIDE.test(character)) return 2;
  return COMBINING.test(character) ? 0 : 1;
}

/** Only characters of one column. */
function isPlain(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x300 || code === 9) return false;
  }
  return true;
}
