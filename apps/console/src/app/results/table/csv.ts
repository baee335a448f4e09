import type { DataTable } from './data-table';

/**
 * What makes a spreadsheet take a text for a formula, which can then read other cells or call addresses. A program's
 * output is not to be trusted with that, so such texts get an apostrophe in front, which spreadsheets take for "this is
 * text". Numbers stay as they are: -1 is no formula.
 */
const FORMULA_START = /^[=+\-@\t\r]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** Without it Excel reads the file in the old encoding of its country, and a name such as Müller comes out broken. */
const BYTE_ORDER_MARK = '\ufeff';

/** The table as RFC 4180 describes it, rows in the given order; nulls and gaps are empty, nested values are JSON. */
export function toCsv(table: DataTable, order: Uint32Array): string {
  const lines = [table.columns.map(({ name }) => field(name, true)).join(',')];
  for (const row of order) {
    const fields = table.columns.map((_, column) =>
      table.isMissing(row, column)
        ? ''
        : field(table.text(row, column), table.kind(row, column) === 'string'),
    );
    // A line of nothing at all would be read as no line.
    lines.push(fields.length === 1 && fields[0] === '' ? '""' : fields.join(','));
  }
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`;
}

function field(value: string, isText: boolean): string {
  const safe = isText && FORMULA_START.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
