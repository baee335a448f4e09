import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';
import type { ChartKind } from './chart-choices';
import type { ChartData } from './chart-points';
import { numberText } from './chart-summary';
import { dateFormat, dateTicks, momentText } from './date-axis';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
);

/** As CSS, resolved: a canvas knows no custom properties. */
export interface ChartColors {
  readonly series: readonly string[];
  readonly text: string;
  readonly grid: string;
  readonly ground: string;
  readonly strong: string;
}

export interface ChartPicture {
  readonly kind: ChartKind;
  readonly data: ChartData;
  /** Of each series its place among the colours. */
  readonly colorPlaces: readonly number[];
  readonly colors: ChartColors;
  readonly isAnimated: boolean;
}

/** Points further apart than this can be told apart, so they are marked. */
const MARKED_POINTS = 80;
const PIXELS_BETWEEN_TICKS = 90;
const ANIMATION_MS = 250;
const FONT = { family: "Inter, system-ui, -apple-system, 'Segoe UI', sans-serif", size: 11 };

/** Draws on a canvas until it is destroyed; a new picture takes the place of the one before. */
export class ChartDrawing {
  private chart: Chart | null = null;

  constructor(private readonly canvas: HTMLCanvasElement) {}

  draw(picture: ChartPicture): void {
    this.destroy();
    this.chart = new Chart(this.canvas, configurationOf(picture));
  }

  destroy(): void {
    this.chart?.destroy();
    this.chart = null;
  }
}

function configurationOf(picture: ChartPicture): ChartConfiguration {
  const { kind, data, colors, isAnimated } = picture;
  return {
    type: kind,
    data: {
      labels: data.axis === 'names' ? [...data.names] : [],
      datasets: data.series.map((_, place) => datasetOf(picture, place)),
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      normalized: true,
      animation: isAnimated ? { duration: ANIMATION_MS } : false,
      interaction:
        kind === 'scatter' ? { mode: 'nearest', intersect: true } : { mode: 'index', intersect: false },
      layout: { padding: { top: 12, right: 16, bottom: 8, left: 8 } },
      scales: { x: xScale(picture), y: yScale(colors) },
      plugins: { tooltip: tooltip(data, colors) },
    },
  };
}

function datasetOf({ kind, data, colorPlaces, colors }: ChartPicture, place: number): ChartDataset {
  const series = data.series[place];
  const color = colors.series[(colorPlaces[place] ?? 0) % colors.series.length] ?? colors.text;
  const points = series?.points ?? [];
  const isMarked = kind === 'scatter' || points.length <= MARKED_POINTS;
  return {
    label: series?.name ?? '',
    data: points.map(({ x, y }) => ({ x, y })),
    parsing: data.axis === 'names' && kind !== 'bar' ? undefined : false,
    borderColor: color,
    backgroundColor: kind === 'scatter' ? `color-mix(in srgb, ${color} 65%, transparent)` : color,
    borderWidth: kind === 'line' ? 1.75 : 0,
    borderRadius: kind === 'bar' ? 2 : 0,
    maxBarThickness: 48,
    pointRadius: isMarked ? (kind === 'scatter' ? 3 : 2.5) : 0,
    pointHoverRadius: 4.5,
    pointBorderWidth: 0,
    pointBackgroundColor: kind === 'scatter' ? `color-mix(in srgb, ${color} 65%, transparent)` : color,
    pointHitRadius: 8,
    tension: 0,
    spanGaps: false,
  };
}

function xScale({ kind, data, colors }: ChartPicture): object {
  const title = { display: true, text: data.axisName, color: colors.text, font: { ...FONT, weight: 600 } };
  const base = {
    title,
    border: { color: colors.strong },
    grid: { display: kind === 'scatter', color: colors.grid, drawTicks: false },
  };
  const ticks = { color: colors.text, font: FONT, maxRotation: 45, autoSkipPadding: 16, padding: 6 };
  if (data.axis === 'names') {
    return { ...base, type: 'category', offset: kind === 'bar', ticks: { ...ticks, callback: shortName } };
  }
  const bounds = boundsOf(data);
  if (data.axis === 'number')
    return { ...base, type: 'linear', ...bounds, ticks: { ...ticks, callback: tickText } };
  const format = dateFormat(bounds.max - bounds.min);
  return {
    ...base,
    type: 'linear',
    ...bounds,
    ticks: { ...ticks, callback: (moment: number) => format(moment) },
    afterBuildTicks: (scale: { width: number; min: number; max: number; ticks: { value: number }[] }) => {
      const count = Math.max(2, Math.floor(scale.width / PIXELS_BETWEEN_TICKS));
      scale.ticks = dateTicks(scale.min, scale.max, count).map((value) => ({ value }));
    },
  };
}

/** Without room at the sides: lines begin at the axis. */
function boundsOf(data: ChartData): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const { points } of data.series) {
    min = Math.min(min, points[0]?.x ?? Infinity);
    max = Math.max(max, points.at(-1)?.x ?? -Infinity);
  }
  return min < max ? { min, max } : { min: min - 1, max: max + 1 };
}

function yScale(colors: ChartColors): object {
  return {
    border: { display: false },
    grid: { color: colors.grid, drawTicks: false },
    ticks: { color: colors.text, font: FONT, padding: 8, callback: tickText },
  };
}

function tickText(value: number | string): string {
  return numberText(Number(value));
}

const MAX_NAME_LENGTH = 18;

function shortName(this: { getLabelForValue: (value: number) => string }, value: number): string {
  const name = this.getLabelForValue(value);
  return name.length > MAX_NAME_LENGTH ? `${name.slice(0, MAX_NAME_LENGTH - 1)}…` : name;
}

function tooltip(data: ChartData, colors: ChartColors): object {
  return {
    backgroundColor: colors.ground,
    borderColor: colors.strong,
    borderWidth: 1,
    titleColor: colors.text,
    bodyColor: colors.text,
    titleFont: { ...FONT, weight: 600 },
    bodyFont: FONT,
    padding: 8,
    cornerRadius: 6,
    boxWidth: 8,
    boxHeight: 8,
    boxPadding: 4,
    usePointStyle: true,
    callbacks: {
      title: (items: { parsed: { x: number } }[]) => xText(data, items[0]?.parsed.x ?? 0),
      label: (item: { dataset: { label?: string }; parsed: { y: number } }) =>
        `${item.dataset.label ?? ''}: ${numberText(item.parsed.y)}`,
    },
  };
}

function xText({ axis, axisName, names }: ChartData, x: number): string {
  if (axis === 'names') return names[x] ?? '';
  return `${axisName} ${axis === 'date' ? momentText(x) : numberText(x)}`;
}
