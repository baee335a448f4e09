/** Draws what a run costs, by part, on both sides of a comparison: an SVG of stacked bars, legible on light and on dark. */
import { writeFileSync } from 'node:fs';
import { cellOf, partOf, wholeOf } from './load-comparison.mjs';
import { figure } from './markdown.mjs';

const UNIT = 'ms';
/** Under full load, where CPU time is what limits the rate. */
const CLIENTS = 8;

/** From the left to the right. White figures can be read in them, and they stand out from white and from black. */
const COLOURS = {
  service: '#1f6feb',
  supervisor: '#8250df',
  zygotes: '#0f7b6c',
  spare: '#9a6700',
  run: '#cf222e',
  other: '#6e7781',
};

const WIDTH = 760;
const LABEL_WIDTH = 220;
const VALUE_WIDTH = 80;
const BAR = { height: 26, gap: 8 };
/** Between the parts of a bar. */
const SEAM = 1;
const GROUP_GAP = 20;
const TOP = 70;
/** Narrower segments have no number in them. */
const MIN_NUMBER_WIDTH = 34;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; font-size: 15px; }
  .in-bar { fill: #ffffff; text-anchor: middle; font-weight: 600; }
  @media (prefers-color-scheme: dark) { text:not(.in-bar) { fill: #e6edf3; } }
`;

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function text(x, y, content, attributes = '') {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(content)}</text>`;
}

/** Returns { label, parts: [name, value][], whole } of each bar, in groups by work. */
function barsOf(cells, sides) {
  const works = [...new Set(cells.map(({ work }) => work))];
  return works.map((work) =>
    sides.map((side) => {
      const cell = cellOf(cells, work, CLIENTS);
      // Differences of measurements: one that is hardly there may come out below nothing.
      const parts = Object.keys(COLOURS).map((part) => [part, Math.max(0, partOf(cell, side, part, UNIT))]);
      return { label: `${work}, ${side.name}`, parts, whole: wholeOf(cell, side, UNIT) };
    }),
  );
}

function drawBar({ label, parts, whole }, y, scale) {
  const baseline = y + BAR.height / 2 + 4.5;
  let x = LABEL_WIDTH;
  const drawn = parts.flatMap(([part, value]) => {
    const width = value * scale;
    const rectangle =
      `<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(0, width - SEAM).toFixed(1)}" height="${BAR.height}" ` +
      `fill="${COLOURS[part]}"><title>${part}: ${figure(value)} ${UNIT}</title></rect>`;
    const number =
      width >= MIN_NUMBER_WIDTH ? [text(x + width / 2, baseline, figure(value), 'class="in-bar"')] : [];
    x += width;
    return [rectangle, ...number];
  });
  return [
    text(LABEL_WIDTH - 10, baseline, label, 'text-anchor="end"'),
    ...drawn,
    text(x + 8, baseline, `${figure(whole)} ${UNIT}`),
  ];
}

function drawLegend() {
  let x = LABEL_WIDTH;
  return Object.entries(COLOURS).flatMap(([part, colour]) => {
    const at = x;
    x += 34 + part.length * 7.2;
    return [
      `<rect x="${at.toFixed(1)}" y="40" width="12" height="12" rx="2" fill="${colour}"/>`,
      text(at + 17, 50.5, part),
    ];
  });
}

/** Writes the picture to `file`, from the cells of the load with 8 clients. */
export function writeCostGraph(file, cells, sides) {
  const groups = barsOf(cells, sides);
  let y = TOP;
  const bars = groups.flatMap((group) => {
    // Each work has a scale of its own: beside pandas, hello would be hard to see.
    const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / Math.max(...group.map(({ whole }) => whole));
    const drawn = group.flatMap((bar, index) => drawBar(bar, y + index * (BAR.height + BAR.gap), scale));
    y += group.length * (BAR.height + BAR.gap) + GROUP_GAP;
    return drawn;
  });
  const title = `CPU time a run with ${CLIENTS} clients, each script to its own scale`;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${title}">`,
    `<style>${STYLE}</style>`,
    text(LABEL_WIDTH, 24, title, 'class="title"'),
    ...drawLegend(),
    ...bars,
    '</svg>',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
}
