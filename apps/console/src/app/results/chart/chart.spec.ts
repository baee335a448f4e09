import { parseJson } from '../json/json-parser';
import type { DataTable } from '../table/data-table';
import { findTables } from '../table/find-tables';
import { initialChoice, isChartable, ROW_NUMBER, withSeries, withX } from './chart-choices';
import { chartData, thinByExtremes } from './chart-points';
import { summaryOf } from './chart-summary';

function tableOf(value: unknown): DataTable {
  const table = findTables(parseJson(JSON.stringify(value)))[0]?.table;
  if (!table) throw new Error('There is no table');
  return table;
}

const PRICES = tableOf([
  { shop: 'a', day: '2026-01-02', price: 2, sold: null },
  { shop: 'b', day: '2026-01-01', price: 1.5, sold: 7 },
]);

describe('what can be drawn', () => {
  it('is what has a column of numbers and two rows', () => {
    expect(isChartable(PRICES)).toBe(true);
    expect(isChartable(tableOf([{ a: 1 }]))).toBe(false);
    expect(isChartable(tableOf([{ a: 'x' }, { a: 'y' }]))).toBe(false);
    expect(isChartable(tableOf([{ a: true }, { a: false }]))).toBe(false);
  });
});

describe('initialChoice', () => {
  it('draws numbers over the dates', () => {
    expect(initialChoice(PRICES)).toEqual({ kind: 'line', x: 1, series: [2, 3] });
  });

  it('draws bars over names, as long as they can be read', () => {
    const named = (count: number): DataTable =>
      tableOf(Array.from({ length: count }, (_, row) => ({ name: `n${row}`, x: row })));
    expect(initialChoice(named(5))).toEqual({ kind: 'bar', x: 0, series: [1] });
    expect(initialChoice(named(500))).toEqual({ kind: 'line', x: ROW_NUMBER, series: [1] });
  });

  it('draws points where a date stands in several rows', () => {
    const day = '2026-01-01';
    expect(
      initialChoice(
        tableOf([
          { day, price: 1 },
          { day, price: 2 },
        ]),
      ).kind,
    ).toBe('scatter');
  });

  it('leaves out numbers that only name a row, as long as there are others', () => {
    const rows = (value: object): DataTable => tableOf([value, value]);
    expect(initialChoice(rows({ id: 1, user_id: 2, price: 3 })).series).toEqual([2]);
    expect(initialChoice(rows({ id: 1 })).series).toEqual([0]);
  });

  it('draws numbers alone in the order of the rows', () => {
    expect(
      initialChoice(
        tableOf([
          [3, 2],
          [1, 4],
        ]),
      ),
    ).toEqual({ kind: 'line', x: ROW_NUMBER, series: [0, 1] });
  });

  it('draws the others over a first column of numbers that go up, which is no series itself', () => {
    const rows = [2021, 2022, 2024].map((year) => ({ year, sold: 5000 - year, left: 7 }));
    expect(initialChoice(tableOf(rows))).toEqual({ kind: 'line', x: 0, series: [1, 2] });
    expect(
      initialChoice(
        tableOf([
          [0, 5],
          [0, 6],
        ]),
      ).x,
    ).toBe(ROW_NUMBER);
    expect(initialChoice(tableOf([[0], [1]]))).toEqual({ kind: 'line', x: ROW_NUMBER, series: [0] });
  });
});

describe('a change of the choice', () => {
  const choice = { kind: 'line', x: ROW_NUMBER, series: [2] } as const;

  it('takes the column of the axis out of the series', () => {
    expect(withX(choice, 2, PRICES)).toEqual({ kind: 'line', x: 2, series: [3] });
  });

  it('takes series in and out, and leaves one', () => {
    expect(withSeries(choice, 3).series).toEqual([2, 3]);
    expect(withSeries(choice, 2).series).toEqual([2]);
  });
});

describe('chartData', () => {
  it('goes from left to right, with gaps where values are missing', () => {
    const data = chartData(PRICES, { kind: 'line', x: 1, series: [2, 3] });
    expect(data.axis).toBe('date');
    expect(data.series[0]?.points).toEqual([
      { x: Date.parse('2026-01-01'), y: 1.5 },
      { x: Date.parse('2026-01-02'), y: 2 },
    ]);
    expect(data.series[1]?.points.map(({ y }) => y)).toEqual([7, NaN]);
    expect(data.series[1]).toMatchObject({ min: 7, max: 7 });
  });

  it('gives every bar its row, also over dates', () => {
    const data = chartData(PRICES, { kind: 'bar', x: 1, series: [2] });
    expect(data.names).toEqual(['2026-01-02', '2026-01-01']);
    expect(data.series[0]?.points).toEqual([
      { x: 0, y: 2 },
      { x: 1, y: 1.5 },
    ]);
  });

  it('leaves out what no screen can show', () => {
    const table = findTables(parseJson('[{"x": 1, "y": 1e400}, {"x": null, "y": 2}, {"x": 3, "y": 4}]'))[0]
      ?.table;
    const data = table && chartData(table, { kind: 'scatter', x: 0, series: [1] });
    expect(data?.series[0]?.points).toEqual([
      { x: 1, y: NaN },
      { x: 3, y: 4 },
    ]);
  });

  it('thins out what has more points than pixels', () => {
    const table = tableOf(Array.from({ length: 10_000 }, (_, row) => [row]));
    const data = chartData(table, { kind: 'line', x: ROW_NUMBER, series: [0] });
    expect(data.isThinned).toBe(true);
    expect(data.series[0]?.points.length).toBeLessThanOrEqual(2_000);
  });
});

describe('thinByExtremes', () => {
  it('keeps the peaks and the order', () => {
    const points = Array.from({ length: 1_000 }, (_, x) => ({ x, y: x === 333 ? 99 : x === 777 ? -99 : 0 }));
    const thinned = thinByExtremes(points, 100);
    expect(thinned.length).toBeLessThanOrEqual(100);
    expect(thinned.map(({ y }) => y)).toEqual(expect.arrayContaining([99, -99]));
    expect(thinned.map(({ x }) => x)).toEqual([...thinned].sort((a, b) => a.x - b.x).map(({ x }) => x));
  });
});

describe('summaryOf', () => {
  it('says in words what is drawn', () => {
    expect(summaryOf('line', chartData(PRICES, { kind: 'line', x: 1, series: [2, 3] }))).toBe(
      'Line chart by day, 2 rows: price from 1.5 to 2; sold from 7 to 7. The table has the values.',
    );
  });
});
