/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The sixteen named colours as grounds: the same in both themes, since what stands on them is chosen to fit. */
export const PALETTE: readonly Rgb[] = [
  [32, 38, 43],
  [197, 48, 58],
  [29, 129, 76],
  [214, 160, 40],
  [31, 104, 178],
  [142, 75, 160],
  [14, 122, 134],
  [208, 213, 217],
  [92, 103, 112],
  [239, 111, 116],
  [86, 207, 149],
  [232, 190, 92],
  [121, 184, 242],
  [208, 159, 228],
  [95, 209, 219],
  [255, 255, 255],
];

const DARK: Rgb = [18, 22, 25];
const LIGHT: Rgb = [255, 255, 255];
/** WCAG's ratio for text, AA. */
const ENOUGH_CONTRAST = 4.5;

/** Colours 16 to 255 of xterm: a cube of six steps a channel, then greys. */
export function cubeColor(index: number): Rgb {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return [grey, grey, grey];
  }
  const step = (value: number): number => (value === 0 ? 0 : 55 + value * 40);
  const place = index - 16;
  return [step(Math.floor(place / 36)), step(Math.floor(place / 6) % 6), step(place % 6)];
}

/** The wanted colour where it can be read on that ground, else black or white. */
export function readableOn(ground: Rgb, wanted: Rgb | null): Rgb {
  if (wanted && contrast(ground, wanted) >= ENOUGH_CONTRAST) return wanted;
  return contrast(ground, LIGHT) >= contrast(ground, DARK) ? LIGHT : DARK;
}

export function contrast(a: Rgb, b: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

export function cssOf([red, green, blue]: Rgb): string {
  return `rgb(${red} ${green} ${blue})`;
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number): number => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
