import { parseJson } from '../json/json-parser';
import { compareNumbers } from './compare-numbers';
import { toCsv } from './csv';
import type { DataTable } from './data-table';
import { findTables } from './find-tables';
import { sortRows } from './sort-rows';

function tableOf(value: unknown): DataTable | null {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return findTables(parseJson(text))[0]?.table ?? null;
}

function found(table: DataTable | null): DataTable {
  if (!table) throw new Error('There is no table');
  return table;
}

function contents(table: DataTable | null): string[][] {
  const { columns, rowCount } = found(table);
  const names = columns.map(({ name }) => name);
  return [
    names,
    ...Array.from({ length: rowCount }, (_, row) => names.map((_, column) => found(table).text(row, column))),
  ];
}

function columnInOrder(
  table: DataTable | null,
  column: number,
  direction: 'ascending' | 'descending',
): string[] {
  return Array.from(sortRows(found(table), { column, direction }), (row) => found(table).text(row, column));
}

describe('findTables', () => {
  it('takes a list of records for a table, with columns in the order in which they are first seen', () => {
    expect(
      contents(
        tableOf([
          { b: 1, a: 'x' },
          { a: 'y', c: true },
        ]),
      ),
    ).toEqual([
      ['b', 'a', 'c'],
      ['1', 'x', ''],
      ['', 'y', 'true'],
    ]);
  });

  it('takes a list of lists for a table, ragged rows too', () => {
    expect(contents(tableOf([[1, 2], [3]]))).toEqual([
      ['0', '1'],
      ['1', '2'],
      ['3', ''],
    ]);
  });

  it('takes a first row of names for the heading where numbers stand below', () => {
    expect(
      contents(
        tableOf([
          ['name', 'age'],
          ['Ann', 3],
        ]),
      ),
    ).toEqual([
      ['name', 'age'],
      ['Ann', '3'],
    ]);
    expect(
      contents(
        tableOf([
          ['a', 'b'],
          ['c', 'd'],
        ]),
      )[0],
    ).toEqual(['0', '1']);
  });

  it('takes lists of one length under different keys for columns', () => {
    expect(contents(tableOf({ a: [1, 2], b: ['x', null] }))).toEqual([
      ['a', 'b'],
      ['1', 'x'],
      ['2', 'null'],
    ]);
    expect(tableOf({ a: [1, 2], b: [1] })).toBeNull();
    expect(tableOf({ a: [[1], 2], b: [1, 2] })).toBeNull();
  });

  it('offers an object of numbers as a table of two columns, though nobody has to expect one', () => {
    const [series] = findTables(parseJson('{"2026-01-01": 1.50, "2026-01-02": null, "2026-01-03": 3}'));
    expect(contents(series?.table ?? null)).toEqual([
      ['key', 'value'],
      ['2026-01-01', '1.50'],
      ['2026-01-02', 'null'],
      ['2026-01-03', '3'],
    ]);
    expect(series?.isEvident).toBe(false);
  });

  it('finds the tables that stand in an object', () => {
    const tables = findTables(parseJson('{"total": 2, "rows": [{"a": 1}], "grid": [[1, 2]]}'));
    expect(tables.map(({ path }) => path)).toEqual(['result["rows"]', 'result["grid"]']);
  });

  it('finds those deeper in objects too, the nearest first', () => {
    const tables = findTables(
      parseJson('{"of": {"year": {"rows": [{"a": 1}]}, "grid": [[1, 2]]}, "top": [{"b": 2}]}'),
    );
    expect(tables.map(({ path }) => path)).toEqual([
      'result["top"]',
      'result["of"]["grid"]',
      'result["of"]["year"]["rows"]',
    ]);
  });

  it.each([
    ['a number', 1],
    ['a list of numbers', [1, 2]],
    ['an empty list', []],
    ['a list of empty records', [{}, {}]],
    ['a list of empty lists', [[], []]],
    ['a mixed list', [{ a: 1 }, 2]],
    ['a small object', { a: 1, b: 2 }],
    ['an object of texts', { a: 'x', b: 'y', c: 'z' }],
  ])('finds none in %s', (_, value) => {
    expect(tableOf(value)).toBeNull();
  });

  it('finds none where hardly any row has the keys of another', () => {
    expect(tableOf(Array.from({ length: 50 }, (_, row) => ({ [`key${row}`]: 1 })))).toBeNull();
  });

  it('finds tables in ten thousand records within a moment', () => {
    const text = JSON.stringify(
      Array.from({ length: 10_000 }, (_, id) => ({ id, name: `n${id}`, x: id / 7 })),
    );
    expect(tableOf(text)?.rowCount).toBe(10_000);
  });
});

describe('the kind of a column', () => {
  const kinds = (value: unknown): (string | undefined)[] =>
    found(tableOf(value)).columns.map(({ kind }) => kind);

  it('is number where every value is a number or null', () => {
    expect(kinds([{ a: 1, b: null, c: 1 }, { a: null, b: 2.5, c: '1' }, {}])).toEqual([
      'number',
      'number',
      'text',
    ]);
  });

  it('is date where every value is one in ISO 8601', () => {
    expect(
      kinds([
        { day: '2026-01-31', moment: '2026-01-31T12:00:00.123456+00:00', not: '2026-13-01', text: '12' },
        { day: null, moment: '2026-01-31 12:00:00', not: '2026-01-01', text: '2026' },
      ]),
    ).toEqual(['date', 'date', 'text', 'text']);
  });

  it('is neither for booleans, nested values and a column of nulls', () => {
    expect(kinds([{ a: true, b: [1], c: null }])).toEqual(['text', 'text', 'text']);
  });
});

describe('sortRows', () => {
  it('sorts numbers by value, nulls and gaps last in both directions', () => {
    const table = tableOf('[{"n": 10}, {"n": null}, {"n": 9.5}, {}, {"n": -1}, {"n": 1e1}]');
    expect(columnInOrder(table, 0, 'ascending')).toEqual(['-1', '9.5', '10', '1e1', 'null', '']);
    expect(columnInOrder(table, 0, 'descending')).toEqual(['10', '1e1', '9.5', '-1', 'null', '']);
  });

  it('tells integers apart that are the same double', () => {
    const table = tableOf('[[9007199254740993], [9007199254740992], [9007199254740994]]');
    expect(columnInOrder(table, 0, 'ascending')).toEqual([
      '9007199254740992',
      '9007199254740993',
      '9007199254740994',
    ]);
  });

  it('sorts texts as people do, and dates by time', () => {
    expect(
      columnInOrder(
        tableOf([
          ['b10', 1],
          ['B2', 1],
          ['ä', 1],
          ['a', 1],
        ]),
        0,
        'ascending',
      ),
    ).toEqual(['a', 'ä', 'B2', 'b10']);
    const moments = ['2026-01-01T12:00:00+05:00', '2026-01-01T08:00:00+00:00'].map((at) => ({ at }));
    expect(columnInOrder(tableOf(moments), 0, 'ascending')[0]).toBe('2026-01-01T12:00:00+05:00');
  });

  it('puts numbers before texts before the rest in a mixed column', () => {
    expect(columnInOrder(tableOf([['x'], [true], [2], [[1]]]), 0, 'ascending')).toEqual([
      '2',
      'x',
      'true',
      '[1]',
    ]);
  });
});

describe('compareNumbers', () => {
  it.each([
    ['1', '1.0', 0],
    ['1e400', '1e399', 1],
    ['-1e400', '1e400', -1],
    ['-1e400', '-1e399', -1],
    ['0', '-0.0', 0],
    ['1e-400', '0', 1],
    ['100000000000000000001', '100000000000000000000', 1],
    ['0.10000000000000000001', '0.1', 1],
  ])('compares %s and %s by value', (a, b, expected) => {
    expect(Math.sign(compareNumbers(a, b))).toBe(expected);
    expect(Math.sign(compareNumbers(b, a)) + expected).toBe(0);
  });
});

describe('toCsv', () => {
  const csv = (value: unknown): string => {
    const table = found(tableOf(value));
    return toCsv(table, sortRows(table, null)).replace(/^\ufeff/, '');
  };

  it('begins with the mark by which Excel knows the encoding', () => {
    const table = found(tableOf([{ name: 'Müller', n: 1 }]));
    expect(toCsv(table, sortRows(table, null))).toBe('\ufeffname,n\r\nMüller,1\r\n');
  });

  it('quotes what needs it and ends lines as RFC 4180 says', () => {
    expect(
      csv([
        { a: 'x,y', b: 'say "hi"' },
        { a: 'two\nlines', b: ' x' },
      ]),
    ).toBe('a,b\r\n"x,y","say ""hi"""\r\n"two\nlines"," x"\r\n');
  });

  it('writes numbers as Python wrote them, nothing for null, JSON for nested values', () => {
    expect(csv('[{"a": 12345678901234567890, "b": 1.0, "c": null, "d": [1, "x"], "e": true}]')).toBe(
      'a,b,c,d,e\r\n12345678901234567890,1.0,,"[1, ""x""]",true\r\n',
    );
  });

  it('keeps spreadsheets from taking a text for a formula, and leaves numbers alone', () => {
    expect(csv([{ '=a': '=1+1', b: -1, c: '-x', d: '@x', e: '+1' }])).toBe(
      "'=a,b,c,d,e\r\n'=1+1,-1,'-x,'@x,'+1\r\n",
    );
  });

  it('writes the rows in the order in which they are sorted', () => {
    const table = found(tableOf([{ a: 1 }, { a: 2 }]));
    expect(toCsv(table, sortRows(table, { column: 0, direction: 'descending' }))).toBe(
      '\ufeffa\r\n2\r\n1\r\n',
    );
  });
});
