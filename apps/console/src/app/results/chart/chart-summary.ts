import { countText } from '../../ui/formatting/figures';
import type { ChartKind } from './chart-choices';
import type { ChartData } from './chart-points';

const NAMES: Readonly<Record<ChartKind, string>> = { line: 'Line', bar: 'Bar', scatter: 'Scatter' };

/** A text description of a chart, for screen readers. */
export function summaryOf(kind: ChartKind, data: ChartData): string {
  const series = data.series.map(({ name, min, max }) =>
    min > max ? `${name} without values` : `${name} from ${numberText(min)} to ${numberText(max)}`,
  );
  const rows = countText(data.rowCount, 'row');
  return `${NAMES[kind]} chart by ${data.axisName}, ${rows}: ${series.join('; ')}. The table has the values.`;
}

/** As many digits as an axis needs. */
export function numberText(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en-US', { maximumSignificantDigits: 6 });
}
