import type { ChartColors } from './chart-drawing';

/** Reads the colours of the theme off elements that wear them: a canvas knows no custom properties. */
export function readColors(palette: HTMLElement): ChartColors {
  const colors = new Map<string, string>();
  const series: string[] = [];
  for (const element of palette.children) {
    const { color } = getComputedStyle(element);
    const name = (element as HTMLElement).dataset['color'];
    if (name === undefined) series.push(color);
    else colors.set(name, color);
  }
  const named = (name: string): string => colors.get(name) ?? 'gray';
  return {
    series,
    text: named('text'),
    grid: named('grid'),
    ground: named('ground'),
    strong: named('strong'),
  };
}
