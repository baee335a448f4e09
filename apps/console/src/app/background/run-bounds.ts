import { type BackgroundRun, isOver } from './background-run';

/** How many runs of one API are kept, and what they may weigh together, UTF-16 code units. */
export const RUN_BOUNDS = { runs: 100, weight: 32 * 1024 * 1024 } as const;

/** The keys of what is too much: the oldest go first. Never one that goes on, or whose start is not answered. */
export function beyondRunBounds(
  newestFirst: readonly BackgroundRun[],
  bounds: { readonly runs: number; readonly weight: number } = RUN_BOUNDS,
): string[] {
  let count = newestFirst.length;
  let weight = newestFirst.reduce((sum, run) => sum + run.weight, 0);
  const keys: string[] = [];
  for (const run of newestFirst.toReversed()) {
    if (count <= bounds.runs && weight <= bounds.weight) break;
    if (!isOver(run)) continue;
    keys.push(run.key);
    count -= 1;
    weight -= run.weight;
  }
  return keys;
}
