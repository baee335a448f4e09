import { cssOf, cubeColor, PALETTE, readableOn, type Rgb } from './terminal-palette';
import type { TextStyle } from './styled-text';

/** One of the sixteen named colours by its number, or a mixed one. */
type TerminalColor = number | Rgb;

interface Attributes {
  readonly foreground: TerminalColor | null;
  readonly background: TerminalColor | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export const NO_ATTRIBUTES: Attributes = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

export type { Attributes };

/** The attributes after an SGR sequence ("select graphic rendition"): `1;31` is bold and red. */
export function applySgr(attributes: Attributes, parameters: string): Attributes {
  // Colours come with colons too: 38:2::255:0:0 has an empty colour space, 38:5:9 has none.
  const codes = parameters
    .replace(/([34]8):2:\d*:(?=\d+:\d+:\d)/g, '$1;2;')
    .replaceAll(':', ';')
    .split(';')
    .map((code) => (code === '' ? 0 : Number(code)));
  let result = attributes;
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = extendedColor(codes, at + 1);
      if (color !== null) {
        result = code === 38 ? { ...result, foreground: color } : { ...result, background: color };
      }
      at += used;
    } else {
      result = { ...result, ...changeOf(code) };
    }
  }
  return result;
}

const SWITCHES: Readonly<Record<number, Partial<Attributes>>> = {
  0: NO_ATTRIBUTES,
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { foreground: null },
  49: { background: null },
};

/** Codes that are not known change nothing. */
function changeOf(code: number): Partial<Attributes> {
  if (code >= 30 && code <= 37) return { foreground: code - 30 };
  if (code >= 40 && code <= 47) return { background: code - 40 };
  if (code >= 90 && code <= 97) return { foreground: code - 82 };
  if (code >= 100 && code <= 107) return { background: code - 92 };
  return SWITCHES[code] ?? {};
}

/** @returns the colour that follows 38 or 48, and how many codes say so */
function extendedColor(codes: readonly number[], at: number): [TerminalColor | null, number] {
  const channel = (index: number): number => Math.min(255, Math.max(0, codes[index] ?? 0)) || 0;
  if (codes[at] === 5) {
    const index = channel(at + 1);
    return [index < 16 ? index : cubeColor(index), 2];
  }
  if (codes[at] === 2) return [[channel(at + 1), channel(at + 2), channel(at + 3)], 4];
  return [null, 1];
}

/** What the attributes look like: named colours follow the theme, as long as the program leaves the ground to us. */
export function styleOf(attributes: Attributes): TextStyle {
  const { bold, dim, italic, underline, strike, inverse } = attributes;
  const classes = [bold && 'bold', italic && 'italic', underline && 'underline', strike && 'strike'].filter(
    (name) => name !== false,
  );
  const [front, ground] = inverse
    ? [attributes.background, attributes.foreground]
    : [attributes.foreground, attributes.background];
  if (ground !== null) {
    const background = rgbOf(ground);
    const color = readableOn(background, front === null ? null : rgbOf(front));
    return { className: classes.join(' '), color: cssOf(color), background: cssOf(background) };
  }
  if (inverse) return { className: [...classes, 'inverse'].join(' ') };
  if (typeof front === 'number') return { className: [...classes, `color-${front}`].join(' ') };
  if (front) return { className: [...classes, 'mixed'].join(' '), mixed: cssOf(front) };
  return { className: (dim ? [...classes, 'dim'] : classes).join(' ') };
}

function rgbOf(color: TerminalColor): Rgb {
  return typeof color === 'number' ? (PALETTE[color] ?? [0, 0, 0]) : color;
}
