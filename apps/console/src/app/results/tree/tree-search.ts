import { computed, signal } from '@angular/core';
import type { JsonDocument } from '../json/json-document';
import { JsonSearch } from '../json/json-search';
import { inSlices } from '../json/slices';

/** Some tenths of a millisecond. */
const VALUES_PER_STEP = 1_000;

/** Finds a text in a result and goes from match to match. */
export class TreeSearch {
  private readonly wanted = signal('');
  private readonly found = signal<readonly number[]>([]);
  private readonly place = signal(0);
  private readonly busy = signal(false);
  private giveUp: AbortController | null = null;

  readonly query = this.wanted.asReadonly();
  readonly matches = this.found.asReadonly();
  readonly isSearching = this.busy.asReadonly();
  /** The match that is looked at, from 0. */
  readonly index = this.place.asReadonly();
  readonly current = computed(() => this.found()[this.place()] ?? null);

  /** @returns whether it came to an end; false where another search has begun meanwhile */
  async search(json: JsonDocument, query: string): Promise<boolean> {
    this.giveUp?.abort();
    this.giveUp = new AbortController();
    this.wanted.set(query);
    this.found.set([]);
    this.place.set(0);
    this.busy.set(query !== '');
    if (query === '') return true;
    const run = new JsonSearch(json, query);
    const isDone = await inSlices(() => run.advance(VALUES_PER_STEP), this.giveUp.signal);
    if (!isDone) return false;
    this.found.set(run.results());
    this.busy.set(false);
    return true;
  }

  /** Goes to the next match, or by -1 to the one before, round and round. */
  step(by: 1 | -1): void {
    const { length } = this.found();
    if (length > 0) this.place.update((place) => (place + by + length) % length);
  }
}
