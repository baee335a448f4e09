/** How a piece of text looks. */
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

/** A text and how its pieces look. Never markup: whoever shows it makes text nodes. */
export interface StyledText {
  readonly text: string;
  /** Where pieces begin, ascending; what comes before the first is plain. UTF-16 code units. */
  readonly starts: readonly number[];
  /** Their styles, as places in `styles`. */
  readonly looks: readonly number[];
  readonly styles: readonly TextStyle[];
}

export interface TextSpan {
  readonly text: string;
  readonly style: TextStyle;
}

/** A part of the text, cut where its looks change. */
export function spansOf(styled: StyledText, start: number, end: number): TextSpan[] {
  const { text, starts, looks, styles } = styled;
  const spans: TextSpan[] = [];
  let run = lastStartAt(starts, start);
  for (let at = start; at < end; run += 1) {
    const runEnd = Math.min(end, starts[run + 1] ?? end);
    const style = styles[looks[run] ?? 0] ?? PLAIN;
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
  private readonly looks: number[] = [];
  private last = -1;
  private written = 0;

  /** UTF-16 code units so far. */
  get length(): number {
    return this.written;
  }

  /** @param look place in the styles that `build` is given */
  append(text: string, look: number): void {
    if (text === '') return;
    this.parts.push(text);
    this.mark(this.written, look);
    this.written += text.length;
    // Joined in chunks, since joining a million parts at once would be felt.
    if (this.parts.length === PARTS_PER_CHUNK) this.join();
  }

  /** From this offset on the text looks so. */
  mark(offset: number, look: number): void {
    if (look === this.last) return;
    this.starts.push(offset);
    this.looks.push(look);
    this.last = look;
  }

  /** @param text where the text exists already and only its looks were told */
  build(styles: readonly TextStyle[], text?: string): StyledText {
    this.join();
    return { text: text ?? this.chunks.join(''), starts: this.starts, looks: this.looks, styles };
  }

  private join(): void {
    this.chunks.push(this.parts.join(''));
    this.parts = [];
  }
}
