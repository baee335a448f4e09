/** The style of a piece of text. */
export interface TextStyle {
  /** Classes of text-view.css; may be empty. */
  readonly className: string;
  /** A colour that the program mixed itself, as CSS; the view sees to its contrast. */
  readonly mixed?: string;
  /** Colours that stand as they are, since the program chose the ground too. */
  readonly color?: string;
  readonly background?: string;
}

export const PLAIN: TextStyle = { className: '' };

/** A text and the styles of its pieces. Never markup: views render it as text nodes. */
export interface StyledText {
  readonly text: string;
  /** Where pieces begin, ascending; what comes before the first is plain. UTF-16 code units. */
  readonly starts: readonly number[];
  /** Their styles, as places in `styles`. */
  readonly styleIndexes: readonly number[];
  readonly styles: readonly TextStyle[];
}

export interface TextSpan {
  readonly text: string;
  readonly style: TextStyle;
}

/** A part of the text, cut where its style changes. */
export function spansOf(styled: StyledText, start: number, end: number): TextSpan[] {
  const { text, starts, styleIndexes, styles } = styled;
  const spans: TextSpan[] = [];
  let run = lastStartAt(starts, start);
  for (let at = start; at < end; run += 1) {
    const runEnd = Math.min(end, starts[run + 1] ?? end);
    const style = styles[styleIndexes[run] ?? 0] ?? PLAIN;
    if (runEnd > at) spans.push({ text: text.slice(at, runEnd), style: run < 0 ? PLAIN : style });
    at = Math.max(at, runEnd);
  }
  return spans;
}

/** @returns the last place whose start is not behind the offset; -1 where all are */
export function lastStartAt(starts: ArrayLike<number>, offset: number): number {
  let low = -1;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

const PARTS_PER_CHUNK = 10_000;

/** Puts a styled text together. */
export class StyledTextBuilder {
  private readonly chunks: string[] = [];
  private parts: string[] = [];
  private readonly starts: number[] = [];
  private readonly styleIndexes: number[] = [];
  private last = -1;
  private written = 0;

  /** UTF-16 code units so far. */
  get length(): number {
    return this.written;
  }

  /** @param styleIndex into the styles that are passed to `build` */
  append(text: string, styleIndex: number): void {
    if (text === '') return;
    this.parts.push(text);
    this.mark(this.written, styleIndex);
    this.written += text.length;
    // Joined in chunks, since joining a million parts at once blocks the page noticeably.
    if (this.parts.length === PARTS_PER_CHUNK) this.join();
  }

  /** From this offset on the text has this style. */
  mark(offset: number, styleIndex: number): void {
    if (styleIndex === this.last) return;
    this.starts.push(offset);
    this.styleIndexes.push(styleIndex);
    this.last = styleIndex;
  }

  /** @param text where the text exists already and only its styles were marked */
  build(styles: readonly TextStyle[], text?: string): StyledText {
    this.join();
    return {
      text: text ?? this.chunks.join(''),
      starts: this.starts,
      styleIndexes: this.styleIndexes,
      styles,
    };
  }

  private join(): void {
    this.chunks.push(this.parts.join(''));
    this.parts = [];
  }
}
