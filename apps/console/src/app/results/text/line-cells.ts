/** A character at its place in a line, and its style. */
export interface Cell {
  readonly character: string;
  readonly styleIndex: number;
}

interface WrittenCell extends Cell {
  /** How many characters had been written before it. */
  readonly age: number;
}

/** Everything before `end` that was there already was cleared when so many characters had been written. */
interface Clearing {
  readonly end: number;
  readonly age: number;
}

const BLANK: Cell = { character: ' ', styleIndex: 0 };

/**
 * One line of a terminal while a program writes it again and again. Clearing only takes a note: a program may clear a
 * long line as often as it writes a character.
 */
export class LineCells {
  private readonly cells: WrittenCell[] = [];
  /** Oldest first; each reaches less far than the one before, or that would not matter any more. */
  private readonly clearings: Clearing[] = [];
  private written = 0;
  private place = 0;

  /** Where the next character goes. */
  get cursor(): number {
    return this.place;
  }

  moveTo(place: number): void {
    this.place = Math.max(0, place);
  }

  write(character: string, styleIndex: number): void {
    this.cells[this.place] = { character, styleIndex, age: this.written };
    this.written += 1;
    this.place += 1;
  }

  /** @param mode of the sequence "erase in line": nothing or 0 from the cursor on, 1 up to it, 2 the whole line */
  clear(mode: string): void {
    if (mode === '' || mode === '0') {
      this.cells.length = Math.min(this.cells.length, this.place);
      return;
    }
    const end = mode === '2' ? this.cells.length : this.place + 1;
    while ((this.clearings.at(-1)?.end ?? Infinity) <= end) this.clearings.pop();
    this.clearings.push({ end, age: this.written });
  }

  /** What is seen in the end, without the blanks behind it. */
  shown(): readonly Cell[] {
    const shown: Cell[] = [];
    // The clearings that reach furthest are the oldest ones: the youngest that reaches a cell decides.
    let youngest = this.clearings.length - 1;
    this.cells.forEach((cell, place) => {
      while (youngest >= 0 && (this.clearings[youngest]?.end ?? 0) <= place) youngest -= 1;
      const clearedAt = this.clearings[youngest]?.age ?? 0;
      shown.push(cell.age < clearedAt ? BLANK : cell);
    });
    shown.length = shown.findLastIndex(({ character }) => character !== ' ') + 1;
    return shown;
  }
}
