import type { DataTable } from '../table/data-table';
import { momentOf } from '../table/moments';
import { type ChartChoice, type ChartKind, ROW_NUMBER } from './chart-choices';

export interface ChartPoint {
  readonly x: number;
  /** NaN is a gap. */
  readonly y: number;
}

export interface ChartSeries {
  readonly name: string;
  readonly points: readonly ChartPoint[];
  /** Of what can be drawn. */
  readonly min: number;
  readonly max: number;
}

/** How the numbers of the x axis are to be read. */
export type AxisKind = 'number' | 'date' | 'names';

export interface ChartData {
  readonly axis: AxisKind;
  readonly axisName: string;
  /** For `names`: what stands at 0, 1, 2 ...; else empty. */
  readonly names: readonly string[];
  readonly series: readonly ChartSeries[];
  /** How many rows there are, and whether all of them are drawn. */
  readonly rowCount: number;
  readonly isThinned: boolean;
}

/** More than there are pixels is not seen, and only costs time. */
const MAX_POINTS: Readonly<Record<ChartKind, number>> = { line: 2_000, bar: 400, scatter: 4_000 };

/** The numbers to draw. */
export function chartData(table: DataTable, choice: ChartChoice): ChartData {
  const axis = axisKind(table, choice);
  const xs = Float64Array.from({ length: table.rowCount }, (_, row) => xOf(table, row, choice.x, axis));
  const order = Array.from(xs.keys()).filter((row) => !Number.isNaN(xs[row]));
  // A line goes from left to right, whatever the order of the rows.
  if (axis !== 'names') order.sort((a, b) => (xs[a] ?? 0) - (xs[b] ?? 0));
  const max = MAX_POINTS[choice.kind];
  const series = choice.series.map((column) => {
    const points = order.map((row) => ({ x: xs[row] ?? 0, y: finite(table, row, column) }));
    const drawn = choice.kind === 'line' ? thinByExtremes(points, max) : thinEvenly(points, max);
    return { name: table.columns[column]?.name ?? '', points: drawn, ...rangeOf(points) };
  });
  return {
    axis,
    axisName: choice.x === ROW_NUMBER ? 'row' : (table.columns[choice.x]?.name ?? ''),
    names: axis === 'names' ? Array.from(xs.keys(), (row) => table.text(row, choice.x)) : [],
    series,
    rowCount: table.rowCount,
    isThinned: order.length > max,
  };
}

/** Bars stand side by side, one for each row, whatever they are named. */
function axisKind(table: DataTable, { kind, x }: ChartChoice): AxisKind {
  const column = table.columns[x]?.kind;
  if (x === ROW_NUMBER) return 'number';
  if (kind === 'bar' || column === 'text') return 'names';
  return column === 'date' ? 'date' : 'number';
}

function xOf(table: DataTable, row: number, x: number, axis: AxisKind): number {
  if (x === ROW_NUMBER) return row + 1;
  if (axis === 'names') return row;
  if (table.isMissing(row, x)) return NaN;
  return axis === 'date' ? momentOf(table.text(row, x)) : finite(table, row, x);
}

/** What no screen can show, such as 1e400, is a gap. */
function finite(table: DataTable, row: number, column: number): number {
  const value = table.isMissing(row, column) ? NaN : Number(table.text(row, column));
  return Number.isFinite(value) ? value : NaN;
}

function rangeOf(points: readonly ChartPoint[]): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const { y } of points) {
    if (y < min) min = y;
    if (y > max) max = y;
  }
  return { min, max };
}

function thinEvenly(points: readonly ChartPoint[], max: number): readonly ChartPoint[] {
  const step = Math.ceil(points.length / max);
  return step <= 1 ? points : points.filter((_, place) => place % step === 0);
}

/** Of each stretch the lowest and the highest point: peaks stay. */
export function thinByExtremes(points: readonly ChartPoint[], max: number): readonly ChartPoint[] {
  if (points.length <= max) return points;
  const stretch = Math.ceil((points.length * 2) / max);
  const thinned: ChartPoint[] = [];
  for (let start = 0; start < points.length; start += stretch) {
    const part = points.slice(start, start + stretch);
    let low = 0;
    let high = 0;
    part.forEach(({ y }, place) => {
      if (!(y >= (part[low]?.y ?? NaN))) low = Number.isNaN(y) ? low : place;
      if (!(y <= (part[high]?.y ?? NaN))) high = Number.isNaN(y) ? high : place;
    });
    const ends = low <= high ? [low, high] : [high, low];
    thinned.push(...new Set(ends.flatMap((place) => part[place] ?? [])));
  }
  return thinned;
}
