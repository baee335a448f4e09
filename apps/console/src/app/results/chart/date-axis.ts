const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Steps between two marks that people count in, milliseconds; longer ones are counted in months. */
const STEPS = [
  1,
  10,
  100,
  SECOND,
  5 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
];
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200];
const MONTH = 30 * DAY;

/** Marks for an axis of time, at round moments (UTC): not more than asked for, or a few. */
export function dateTicks(min: number, max: number, count: number): number[] {
  const wanted = (max - min) / Math.max(1, count);
  const step = STEPS.find((candidate) => candidate >= wanted);
  if (step !== undefined) {
    // Weeks begin on Mondays; the epoch was a Thursday.
    const shift = step % (7 * DAY) === 0 ? 4 * DAY : 0;
    const ticks: number[] = [];
    for (let at = Math.ceil((min - shift) / step) * step + shift; at <= max; at += step) ticks.push(at);
    return ticks;
  }
  const months = MONTHS.find((candidate) => candidate * MONTH >= wanted) ?? 1_200;
  const start = new Date(min);
  const ticks: number[] = [];
  let month = start.getUTCFullYear() * 12 + start.getUTCMonth();
  for (month = Math.floor(month / months) * months; ; month += months) {
    const at = Date.UTC(Math.floor(month / 12), month % 12);
    if (at > max) return ticks;
    if (at >= min) ticks.push(at);
  }
}

const FORMATS = {
  year: { year: 'numeric' },
  month: { year: 'numeric', month: 'short' },
  day: { month: 'short', day: 'numeric' },
  hour: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  second: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** How the marks of an axis over such a span are written. */
export function dateFormat(spanMs: number): (moment: number) => string {
  const grain =
    spanMs > 1_500 * DAY
      ? 'year'
      : spanMs > 120 * DAY
        ? 'month'
        : spanMs > 3 * DAY
          ? 'day'
          : spanMs > 2 * HOUR
            ? 'hour'
            : 'second';
  const format = new Intl.DateTimeFormat('en-GB', { ...FORMATS[grain], timeZone: 'UTC' });
  return (moment) => format.format(moment);
}

/** A moment in full, as Python writes it, without what is zero. */
export function momentText(moment: number): string {
  return new Date(moment)
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '')
    .replace(/ 00:00:00$/, '');
}
