import { LineCells } from './line-cells';
import { type StyledText, StyledTextBuilder } from './styled-text';
import { readLines, rewrite, writeCells, writeStraight } from './terminal-text';
import { RETURNS_AT_BREAKS, REWRITES, TerminalWalk, unfinishedLength } from './terminal-walk';

/** Half of what is kept, at least: when the newer half has grown to that, the older one goes. UTF-16 code units. */
const HALF_UNITS = 512 * 1024;
/** A line that is longer is taken for ended. UTF-16 code units. */
const MAX_LINE_UNITS = 256 * 1024;

/**
 * What a terminal shows of output that is still coming: each piece is read once, and the last line is open, since it may be
 * written over. It keeps the last part only, as terminals do; everything is shown when all has come.
 */
export class LiveTerminal {
  private readonly walk = new TerminalWalk();
  private older: StyledText | null = null;
  private newer = new StyledTextBuilder();
  /** The line that has not ended: as it was written, or as cells where it was written over. */
  private open = '';
  private cells: LineCells | null = null;
  /** May be the beginning of a sequence. */
  private unfinished = '';
  private hasDropped = false;

  /** Whether the beginning is not kept any more. */
  get isCut(): boolean {
    return this.hasDropped;
  }

  append(piece: string): void {
    const whole = this.unfinished + piece;
    const end = whole.length - unfinishedLength(whole);
    this.unfinished = whole.slice(end);
    const text = whole.slice(0, end).replace(RETURNS_AT_BREAKS, '');
    const lastBreak = text.lastIndexOf('\n') + 1;
    if (lastBreak > 0) this.endLines(text.slice(0, lastBreak));
    this.goOn(text.slice(lastBreak));
    if (this.newer.length >= HALF_UNITS) {
      this.hasDropped ||= this.older !== null;
      this.older = this.newer.build(this.walk.styles);
      this.newer = new StyledTextBuilder();
    }
  }

  /** What is seen now. */
  read(): StyledText {
    const { styles } = this.walk;
    const parts = [this.older, this.newer.build(styles), this.openLine()].filter((part) => part !== null);
    const starts: number[] = [];
    const styleIndexes: number[] = [];
    let text = '';
    for (const part of parts) {
      for (const start of part.starts) starts.push(text.length + start);
      for (const index of part.styleIndexes) styleIndexes.push(index);
      text += part.text;
    }
    return { text, starts, styleIndexes, styles };
  }

  /** @param lines with their ends */
  private endLines(lines: string): void {
    if (!this.cells) {
      readLines(this.open + lines, this.walk, this.newer);
      this.open = '';
      return;
    }
    const lineEnd = lines.indexOf('\n');
    rewrite(lines.slice(0, lineEnd), this.walk, this.cells);
    this.endOpenLine();
    readLines(lines.slice(lineEnd), this.walk, this.newer);
  }

  private goOn(text: string): void {
    if (this.cells) {
      rewrite(text, this.walk, this.cells);
      if (this.cells.cursor > MAX_LINE_UNITS) this.endOpenLine();
      return;
    }
    this.open += text;
    if (REWRITES.test(this.open)) {
      this.cells = new LineCells();
      rewrite(this.open, this.walk, this.cells);
      this.open = '';
    } else if (this.open.length > MAX_LINE_UNITS) {
      this.endOpenLine();
    }
  }

  private endOpenLine(): void {
    if (this.cells) writeCells(this.cells, this.newer);
    else writeStraight(this.open, this.walk, this.newer);
    this.cells = null;
    this.open = '';
  }

  private openLine(): StyledText {
    const builder = new StyledTextBuilder();
    // It is read again when it has ended.
    const { state } = this.walk;
    if (this.cells) writeCells(this.cells, builder);
    else writeStraight(this.open, this.walk, builder);
    this.walk.state = state;
    return builder.build(this.walk.styles);
  }
}
