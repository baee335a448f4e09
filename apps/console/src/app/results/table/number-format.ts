import type { DataTable } from './data-table';

/** Behind the point no more is read; the value itself is in the tooltip. */
const MAX_DECIMALS = 4;
const SIGNIFICANT = 5;

/** Writes the numbers of one column. */
export type NumberFormat = (raw: string) => string;

/**
 * One form for all numbers of a column: as many places behind the point as it needs, at most four, and thousands apart
 * from 10,000 on, so that years stay years. Very large and very small ones are written with an exponent.
 */
export function numberFormatOf(table: DataTable, column: number): NumberFormat {
  let decimals = 0;
  for (let row = 0; row < table.rowCount && decimals < MAX_DECIMALS; row += 1) {
    if (table.kind(row, column) === 'number')
      decimals = Math.max(decimals, decimalsOf(table.text(row, column)));
  }
  const format = new Intl.NumberFormat('en-US', {
    useGrouping: 'min2',
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return (raw) => {
    // Digits that a double does not have are kept: a text is formatted as it is.
    if (/^-?\d+$/.test(raw)) return format.format(raw as Intl.StringNumericLiteral);
    const value = Number(raw);
    if (!Number.isFinite(value)) return raw;
    const size = Math.abs(value);
    const isOrdinary = size < 1e15 && (value === 0 || size >= 10 ** -MAX_DECIMALS);
    return isOrdinary ? format.format(value) : value.toExponential(SIGNIFICANT - 1);
  };
}

function decimalsOf(raw: string): number {
  if (/e/i.test(raw)) return MAX_DECIMALS;
  const fraction = raw.split('.')[1]?.replace(/0+$/, '') ?? '';
  return Math.min(MAX_DECIMALS, fraction.length);
}
