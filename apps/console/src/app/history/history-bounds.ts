import type { HistoryEntry } from './history-entry';

/** How much the history holds; the weight is in UTF-16 code units, or bytes of files, which is half of its bytes at most. */
export const HISTORY_BOUNDS = { entries: 200, weight: 16 * 1024 * 1024 } as const;

/** The ids of what is too much: the oldest go first, the newest always stays. */
export function beyondBounds(
  newestFirst: readonly HistoryEntry[],
  bounds: { readonly entries: number; readonly weight: number } = HISTORY_BOUNDS,
): string[] {
  let weight = 0;
  const files = new Set<string>();
  return newestFirst
    .filter((entry, index) => {
      weight += entry.weight;
      // Kept once, however many runs had it.
      for (const { id, sizeBytes } of entry.setup?.files ?? []) {
        if (!files.has(id)) weight += sizeBytes;
        files.add(id);
      }
      return index > 0 && (index >= bounds.entries || weight > bounds.weight);
    })
    .map(({ id }) => id);
}

/** The ids of the oldest that weigh as much together; none where all of them weigh less. */
export function oldestWeighing(newestFirst: readonly HistoryEntry[], weight: number): string[] {
  let found = 0;
  const ids: string[] = [];
  for (const entry of newestFirst.toReversed()) {
    ids.push(entry.id);
    found += entry.weight;
    if (found >= weight) return ids;
  }
  return [];
}
