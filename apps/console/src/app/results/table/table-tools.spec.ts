import { parseJson } from '../json/json-parser';
import { columnTypes } from './column-types';
import { toTabbedText } from './csv';
import type { DataTable } from './data-table';
import { findTables } from './find-tables';
import { numberFormatOf } from './number-format';
import { sortRows } from './sort-rows';
import { TableSearch } from './table-search';

function tableOf(value: unknown): DataTable {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const [found] = findTables(parseJson(text));
  if (!found) throw new Error('There is no table');
  return found.table;
}

describe('toTabbedText', () => {
  it('is what spreadsheets take from the clipboard, safe as the file', () => {
    const table = tableOf([
      { a: 'x\ty', b: '=1+1' },
      { a: 'two\nlines', b: -1 },
    ]);
    expect(toTabbedText(table, sortRows(table, null))).toBe(`a\tb\n"x\ty"\t'=1+1\n"two\nlines"\t-1`);
  });
});

describe('columnTypes', () => {
  it('says what stands in a column, nulls and gaps aside', () => {
    const table = tableOf(
      '[{"a": 1, "b": 1, "c": "x", "d": "2024-01-01", "e": true, "f": [1], "g": {}, "h": null, "i": 1},' +
        '{"a": 2, "b": 1.5, "c": null, "d": "2024-01-02", "e": false, "f": [], "g": {}, "h": null, "i": "x"}]',
    );
    expect(columnTypes(table)).toEqual([
      'int',
      'float',
      'text',
      'date',
      'bool',
      'list',
      'object',
      'empty',
      'mixed',
    ]);
  });
});

describe('numberFormatOf', () => {
  const formatted = (numbers: string): string[] => {
    const table = tableOf(
      `[${numbers
        .split(' ')
        .map((raw) => `{"a": ${raw}, "b": 0}`)
        .join(',')}]`,
    );
    const format = numberFormatOf(table, 0);
    return numbers.split(' ').map(format);
  };

  it('gives all numbers of a column as many places as they need, at most four', () => {
    expect(formatted('1.5 2.0 0.30000000000000004')).toEqual(['1.5000', '2.0000', '0.3000']);
    expect(formatted('1.5 2.25')).toEqual(['1.50', '2.25']);
    expect(formatted('1.0 2.0')).toEqual(['1', '2']);
  });

  it('sets thousands apart, but not in years', () => {
    expect(formatted('2024 1234567')).toEqual(['2024', '1,234,567']);
    expect(formatted('12345678901234567891')).toEqual(['12,345,678,901,234,567,891']);
  });

  it('writes very large and very small ones with an exponent', () => {
    expect(formatted('1.5e300 0.00001234')).toEqual(['1.5000e+300', '1.2340e-5']);
    expect(formatted('1e400')).toEqual(['1e400']);
  });
});

describe('TableSearch', () => {
  const search = (query: string, direction: 'ascending' | 'descending'): readonly number[] => {
    const table = tableOf([
      { a: 1, b: 'Ada' },
      { a: 12, b: null },
      { a: 3, b: 'dada' },
    ]);
    const run = new TableSearch(table, sortRows(table, { column: 0, direction }), query, (row, column) =>
      table.isMissing(row, column) ? 'null' : `${table.text(row, column)} shown`,
    );
    while (!run.advance(2));
    return run.results();
  };

  it('finds cells in the order in which the rows are shown, whatever the case', () => {
    expect(search('ADA', 'ascending')).toEqual([1, 3]);
    expect(search('ada', 'descending')).toEqual([3, 5]);
    expect(search('1', 'ascending')).toEqual([0, 4]);
    expect(search('null', 'ascending')).toEqual([5]);
    expect(search('12 shown', 'ascending')).toEqual([4]);
  });
});
