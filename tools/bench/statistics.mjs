/** The few figures that a benchmark needs. */

/** Returns the value below which a share of the values lies (nearest rank); NaN without values. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN;
}

export function median(values) {
  return percentile(values, 0.5);
}

/** Returns { middle, low, high }: the median and the quartiles. */
export function quartilesOf(values) {
  return { middle: median(values), low: percentile(values, 0.25), high: percentile(values, 0.75) };
}

/**
 * Returns the quartiles of the ratio within each round: a machine that is slower in one round than in another is so for
 * both. Rounds in which one side has no figure, or 0, have no ratio.
 */
export function ratiosOf(rounds, baseRounds) {
  return quartilesOf(rounds.map((value, round) => value / baseRounds[round]).filter(Number.isFinite));
}

/**
 * Returns the medians over rounds of { times, perSecond, refused, errors }, and the sums of the last two; `cpuMs` and
 * `faults` of a run where they were measured, else NaN.
 */
export function summaryOf(rounds) {
  const at = (share) => median(rounds.map(({ times }) => percentile(times, share)));
  const sum = (name) => rounds.reduce((total, round) => total + (round[name] ?? 0), 0);
  return {
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    tail: median(rounds.map(({ times }) => percentile(times, 0.99) / percentile(times, 0.5))),
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuMs: median(rounds.map(({ cost }) => cost?.all.ms ?? NaN)),
    faults: median(rounds.map(({ cost }) => cost?.all.faults ?? NaN)),
    refused: sum('refused'),
    errors: sum('errors'),
  };
}
