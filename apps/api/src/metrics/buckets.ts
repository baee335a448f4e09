/** From half a millisecond on, three a decade: where a phase of an execution mostly lies, and its tail. Seconds. */
const STEPS = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000,
  2_000, 5_000,
];

/**
 * Returns the upper bounds of a histogram of times that are mostly at most `longestSeconds`: those steps, and that time
 * itself, at which many end.
 */
export function bucketsUpTo(longestSeconds: number): number[] {
  const below = STEPS.filter((step) => step < longestSeconds);
  return [...below, longestSeconds];
}
