import type { SearchRun } from '../finding/match-search';
import type { DataTable } from './data-table';

/** Some tenths of a millisecond. */
const CELLS_PER_STEP = 1_000;
/** More matches than that are of no use. */
const MAX_MATCHES = 100_000;

/** Finds the cells that contain a text, whatever the case, row by row as they are shown. In steps: a table may be large. */
export class TableSearch implements SearchRun {
  private readonly wanted: string;
  private readonly found: number[] = [];
  private at = 0;

  /**
   * @param order the rows as they are shown
   * @param shown what a cell shows, which may be another text than its value
   */
  constructor(
    private readonly table: DataTable,
    private readonly order: Uint32Array,
    query: string,
    private readonly shown: (row: number, column: number) => string,
  ) {
    this.wanted = query.toLowerCase();
  }

  get isCut(): boolean {
    return this.found.length >= MAX_MATCHES;
  }

  advance(cells = CELLS_PER_STEP): boolean {
    const width = this.table.columns.length;
    const count = this.order.length * width;
    const end = Math.min(count, this.at + cells);
    for (; this.at < end && !this.isCut; this.at += 1) {
      const row = this.order[Math.floor(this.at / width)] ?? 0;
      const column = this.at % width;
      if (this.matches(row, column)) this.found.push(this.at);
    }
    return this.at >= count || this.isCut;
  }

  /** Places of cells: the shown row times the number of columns, and the column. */
  results(): readonly number[] {
    return this.found;
  }

  private matches(row: number, column: number): boolean {
    const texts = [this.shown(row, column), this.table.text(row, column)];
    return texts.some((text) => text.toLowerCase().includes(this.wanted));
  }
}
