/** Kubernetes' spelling of amounts. */

const MEMORY_UNITS = { Ki: 1 / 1024, Mi: 1, Gi: 1024 };

/** MiB, of `512Mi` or `2Gi`. */
export function mebibytes(text) {
  const [, number, unit] = /^(\d+)(Ki|Mi|Gi)$/.exec(String(text)) ?? [];
  return number === undefined ? NaN : Number(number) * MEMORY_UNITS[unit];
}

/** Processors, of `2`, `'0.5'` or `1400m`. */
export function processors(text) {
  const [, number, milli] = /^([\d.]+)(m?)$/.exec(String(text)) ?? [];
  return number === undefined ? NaN : Number(number) / (milli ? 1000 : 1);
}
