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
  // A line of nothing at all would be read as no line.
  const lines = records(table, order).map((fields) => fields.map(field).join(',') || '""');
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`;
}

/** The same as spreadsheets take it from the clipboard: cells apart by tabs. */
export function toTabbedText(table: DataTable, order: Uint32Array): string {
  return records(table, order)
    .map((fields) => fields.map(tabbedField).join('\t'))
    .join('\n');
}

/** The heading and the rows; texts are safe for spreadsheets. */
function records(table: DataTable, order: Uint32Array): string[][] {
  const heading = table.columns.map(({ name }) => safe(name));
  const rows = Array.from(order, (row) =>
    table.columns.map((_, column) => {
      if (table.isMissing(row, column)) return '';
      const text = table.text(row, column);
      return table.kind(row, column) === 'string' ? safe(text) : text;
    }),
  );
  return [heading, ...rows];
}

function safe(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

function tabbedField(value: string): string {
  return /[\t\n\r"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function field(value: string): string {
  return NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
