/** A place in a normalised script. Both numbers are 1-based; the column counts code points. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** The number of Unicode code points of a text. A lone surrogate counts as one. */
export function countCodePoints(text: string): number {
  let pairs = 0;
  // Not by a list of all pairs: the service counts before anything has judged the text, on its event loop.
  for (let index = 1; index < text.length; index++) {
    // A second half of a pair behind a first half.
    if ((text.charCodeAt(index) & 0xfc00) === 0xdc00 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800) {
      pairs++;
    }
  }
  return text.length - pairs;
}

const SURROGATE_PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Turns offsets of JavaScript strings (UTF-16 code units) into what people and Python count. */
export class PositionMap {
  private readonly length: number;
  private readonly lineStarts: number[] = [0];
  /** offsets of the second halves of surrogate pairs, which add no column */
  private readonly secondHalves: number[];

  /** @param text a normalised script: only LF ends a line */
  constructor(text: string) {
    this.length = text.length;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.lineStarts.push(at + 1);
    }
    this.secondHalves = Array.from(text.matchAll(SURROGATE_PAIR), ({ index }) => index + 1);
  }

  /** @param offset in UTF-16 code units, from 0 to the text's length; what lies beyond is the text's end */
  at(offset: number): SourcePosition {
    const end = Math.min(offset, this.length);
    const line = countBelow(this.lineStarts, end + 1);
    const start = this.lineStarts[line - 1] ?? 0;
    const halves = countBelow(this.secondHalves, end) - countBelow(this.secondHalves, start);
    return { line, column: end - start - halves + 1 };
  }
}

/** How many numbers of an ascending list are below the limit. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
