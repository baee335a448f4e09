import type { DataTable } from '../table/data-table';

export type ChartKind = 'line' | 'bar' | 'scatter';

/** What a chart shows. Columns are places in the table; -1 stands for the row's number. */
export interface ChartChoice {
  readonly kind: ChartKind;
  readonly x: number;
  readonly series: readonly number[];
}

export const ROW_NUMBER = -1;
/** More names than this on an axis are not read. */
const MAX_NAMES = 60;
const INITIAL_SERIES = 3;
const MIN_DISTINCT = 0.9;
/** Numbers that name a row, and measure nothing. */
const IDENTIFIER = /^(?:id|index|row|no|nr|#)$|_id$/i;
/** As many as there are colours. */
export const MAX_SERIES = 8;

/** Columns that can be drawn. */
export function numericColumns(table: DataTable): number[] {
  return table.columns.flatMap(({ kind }, column) => (kind === 'number' ? [column] : []));
}

/** Two points at least, and something to draw. */
export function isChartable(table: DataTable): boolean {
  return table.rowCount >= 2 && numericColumns(table).length > 0;
}

/** Dates before names, names only where they can be read, else numbers that go up from row to row, else the rows in their order. */
export function initialChoice(table: DataTable): ChartChoice {
  const { columns, rowCount } = table;
  const date = columns.findIndex(({ kind }) => kind === 'date');
  const name = rowCount <= MAX_NAMES ? columns.findIndex(({ kind }) => kind === 'text') : -1;
  const ascending = numericColumns(table).length > 1 && isAscending(table, 0) ? 0 : ROW_NUMBER;
  const x = date !== -1 ? date : name !== -1 ? name : ascending;
  const kind = date === -1 ? (name === -1 ? 'line' : 'bar') : hasRepeats(table, date) ? 'scatter' : 'line';
  const numeric = numericColumns(table).filter((column) => column !== x);
  const measured = numeric.filter((column) => !IDENTIFIER.test(columns[column]?.name ?? ''));
  return { kind, x, series: (measured.length > 0 ? measured : numeric).slice(0, INITIAL_SERIES) };
}

/** A first column of numbers, each larger than the one before, is what the others are drawn over: x, year, step. */
function isAscending(table: DataTable, column: number): boolean {
  if (table.columns[column]?.kind !== 'number') return false;
  let before = -Infinity;
  for (let row = 0; row < table.rowCount; row += 1) {
    const value = table.isMissing(row, column) ? NaN : Number(table.text(row, column));
    if (!(value > before)) return false;
    before = value;
  }
  return true;
}

/** A line through several values of one day would only go up and down. */
function hasRepeats(table: DataTable, column: number): boolean {
  const texts = new Set<string>();
  for (let row = 0; row < table.rowCount; row += 1) texts.add(table.text(row, column));
  return texts.size < table.rowCount * MIN_DISTINCT;
}

/** With another axis a column is no series of its own any more, and something has to be drawn. */
export function withX(choice: ChartChoice, x: number, table: DataTable): ChartChoice {
  const series = choice.series.filter((column) => column !== x);
  const others = numericColumns(table).filter((column) => column !== x);
  return { ...choice, x, series: series.length > 0 ? series : others.slice(0, 1) };
}

/** Takes a series in or out; the last one stays. */
export function withSeries(choice: ChartChoice, column: number): ChartChoice {
  const { series } = choice;
  if (!series.includes(column)) {
    return series.length < MAX_SERIES
      ? { ...choice, series: [...series, column].sort((a, b) => a - b) }
      : choice;
  }
  return series.length === 1 ? choice : { ...choice, series: series.filter((other) => other !== column) };
}
