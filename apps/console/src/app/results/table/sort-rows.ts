import { compareNumbers } from './compare-numbers';
import type { DataTable } from './data-table';
import { momentOf } from './moments';

export interface TableSort {
  readonly column: number;
  readonly direction: 'ascending' | 'descending';
}

/** Mixed columns: numbers before texts before the rest. */
const RANKS = { number: 0, string: 1, boolean: 2, array: 3, object: 3, null: 4 } as const;

interface SortKey {
  readonly row: number;
  readonly rank: number;
  readonly text: string;
  /** Of numbers and dates, as near as a double comes. */
  readonly value: number;
}

/**
 * The order in which the rows stand: numbers by value, dates by time, texts as people sort them, nulls and gaps last in
 * both directions. Rows that are equal keep their order.
 */
export function sortRows(table: DataTable, sort: TableSort | null): Uint32Array {
  const order = Uint32Array.from({ length: table.rowCount }, (_, row) => row);
  if (!sort) return order;
  const { column } = sort;
  const isDate = table.columns[column]?.kind === 'date';
  const keys: SortKey[] = Array.from(order, (row) => {
    const text = table.text(row, column);
    const rank = RANKS[table.kind(row, column) ?? 'null'];
    return { row, rank, text, value: isDate ? momentOf(text) : rank === 0 ? Number(text) : 0 };
  });
  const sign = sort.direction === 'ascending' ? 1 : -1;
  const compare = isDate ? byValue : comparison();
  keys.sort((a, b) => {
    if (a.rank === 4 || b.rank === 4) return a.rank - b.rank;
    return sign * (a.rank - b.rank || compare(a, b));
  });
  return Uint32Array.from(keys, ({ row }) => row);
}

function byValue(a: SortKey, b: SortKey): number {
  return a.value - b.value;
}

function comparison(): (a: SortKey, b: SortKey) => number {
  const collator = new Intl.Collator(undefined, { numeric: true });
  return (a, b) => {
    if (a.rank === 0) return a.value < b.value ? -1 : a.value > b.value ? 1 : compareNumbers(a.text, b.text);
    return a.rank === 3 ? a.text.length - b.text.length : collator.compare(a.text, b.text);
  };
}
