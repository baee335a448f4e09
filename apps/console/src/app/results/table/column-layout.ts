import type { DataTable } from './data-table';

/** CSS pixels of one character of the table's font, about. */
const CHARACTER = 7.55;
const PADDING = 26;
/** How wide a character of a type is, beside one of a value. */
const TYPE_SCALE = 0.9;
const MIN_WIDTH = 64;
const MAX_WIDTH = 340;
/** The width of a column is judged by so many rows, spread over the table. */
const JUDGED_ROWS = 400;

/** Where the columns stand. CSS pixels. */
export interface ColumnLayout {
  /** Of the column with the row's number. */
  readonly numberWidth: number;
  readonly widths: readonly number[];
  /** Where column i begins behind the row's number; one more for the end. */
  readonly starts: readonly number[];
}

/** @param types stand behind the names */
export function layoutColumns(table: DataTable, types: readonly string[]): ColumnLayout {
  const step = Math.max(1, Math.floor(table.rowCount / JUDGED_ROWS));
  const widths = table.columns.map(({ name }, column) => {
    // Room for the arrow of a sorted column.
    let characters = name.length + 2 + Math.ceil((types[column]?.length ?? 0) * TYPE_SCALE);
    for (let row = 0; row < table.rowCount; row += step) {
      characters = Math.max(characters, table.beginning(row, column, 60).length);
    }
    return Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, characters * CHARACTER + PADDING)));
  });
  const starts = [0];
  for (const width of widths) starts.push((starts.at(-1) ?? 0) + width);
  const numberWidth = Math.round(String(table.rowCount).length * CHARACTER + PADDING);
  return { numberWidth, widths, starts };
}

/** Columns drawn left and right of those that are seen. */
const OVERSCAN = 3;
/** So many columns are drawn as a whole. */
const DRAWN_WHOLE = 24;

/** The columns to draw, the last one exclusive. */
export function columnWindow(
  { starts }: ColumnLayout,
  scrollLeft: number,
  viewport: number,
): { readonly first: number; readonly end: number } {
  const count = starts.length - 1;
  if (count <= DRAWN_WHOLE) return { first: 0, end: count };
  const first = starts.findIndex((start) => start > scrollLeft) - 1;
  const behind = starts.findIndex((start) => start >= scrollLeft + viewport);
  return {
    first: Math.max(0, first - OVERSCAN),
    end: Math.min(count, (behind === -1 ? count : behind) + OVERSCAN),
  };
}
