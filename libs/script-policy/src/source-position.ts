/** A place in a normalised script. Both numbers are 1-based; the column counts code points. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** The number of Unicode code points of a text. A lone surrogate counts as one. */
export function countCodePoints(text: string): number {
  return countBetween(text, 0, text.length);
}

/** Turns offsets of JavaScript strings (UTF-16 code units) into what people and Python count. */
export class PositionMap {
  private readonly lineStarts: number[] = [0];

  /** @param text a normalised script: only LF ends a line */
  constructor(private readonly text: string) {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.lineStarts.push(at + 1);
    }
  }

  /** @param offset in UTF-16 code units, from 0 to the text's length; what lies beyond is the text's end */
  at(offset: number): SourcePosition {
    const end = Math.min(offset, this.text.length);
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= end) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: countBetween(this.text, this.lineStarts[low] ?? 0, end) + 1 };
  }
}

function countBetween(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; count++) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return count;
}
