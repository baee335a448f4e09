import { computed, signal } from '@angular/core';
import type { HistoryEntry } from './history-entry';

/** Two entries that a user picks to see them beside each other. A third takes the place of the one picked first. */
export class ComparisonChoice {
  private readonly picked = signal<readonly HistoryEntry[]>([]);

  readonly count = computed(() => this.picked().length);
  /** The older one first; null until there are two. */
  readonly pair = computed(() => {
    const [first, second] = this.picked();
    if (!first || !second) return null;
    return first.at <= second.at ? { before: first, after: second } : { before: second, after: first };
  });

  has({ id }: HistoryEntry): boolean {
    return this.picked().some((entry) => entry.id === id);
  }

  toggle(entry: HistoryEntry): void {
    if (this.has(entry)) this.drop(entry);
    else this.picked.update((picked) => [...picked, entry].slice(-2));
  }

  drop({ id }: HistoryEntry): void {
    this.picked.update((picked) => picked.filter((entry) => entry.id !== id));
  }

  clear(): void {
    this.picked.set([]);
  }
}
