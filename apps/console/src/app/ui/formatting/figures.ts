/** A duration for a user: three digits are enough. */
export function durationText(ms: number): string {
  if (ms >= 1_000) return `${threeDigits(ms / 1_000)} s`;
  return `${threeDigits(ms)} ms`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  if (bytes < 1_024 ** 2) return `${threeDigits(bytes / 1_024)} kB`;
  if (bytes < 1_024 ** 3) return `${threeDigits(bytes / 1_024 ** 2)} MB`;
  return `${threeDigits(bytes / 1_024 ** 3)} GB`;
}

/** 1234 as 1,234: counts are read, not computed with. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

function threeDigits(value: number): string {
  if (value >= 99.95) return String(Math.round(value));
  return value.toFixed(value >= 9.995 ? 1 : 2).replace(/\.?0+$/, '');
}
