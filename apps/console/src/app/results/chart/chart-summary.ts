import { countText } from '../../ui/formatting/figures';
import type { ChartKind } from './chart-choices';
import type { ChartData } from './chart-points';

const NAMES: Readonly<Record<ChartKind, string>> = { line: 'Line', bar: 'Bar', scatter: 'Scatter' };

/** A chart in words, for those who do not see it. */
export function summaryOf(kind: ChartKind, data: ChartData): string {
  const series = data.series.map(({ name, least, most }) =>
    least > most ? `${name} without values` : `${name} from ${numberText(least)} to ${numberText(most)}`,
  );
  const rows = countText(data.rowCount, 'row');
  return `${NAMES[kind]} chart by ${data.axisName}, ${rows}: ${series.join('; ')}. The table has the values.`;
}

/** As many digits as an axis needs. */
export function numberText(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en-US', { maximumSignificantDigits: 6 });
}
