import { computed, signal } from '@angular/core';
import { inSlices } from '../../browser/slices';

/** A search that is made in steps of less than a millisecond. */
export interface SearchRun {
  /** @returns whether all is searched */
  advance(): boolean;
  /** Where it found something, ascending. */
  results(): readonly number[];
  /** Whether there is more than it has kept. */
  readonly isCut?: boolean;
}

/** What was searched for and found, and the match that is looked at. */
export class MatchSearch {
  private readonly wanted = signal('');
  private readonly found = signal<readonly number[]>([]);
  private readonly cut = signal(false);
  private readonly place = signal(0);
  private readonly busy = signal(false);
  private searching: AbortController | null = null;

  readonly query = this.wanted.asReadonly();
  readonly matches = this.found.asReadonly();
  /** Whether there are more matches than these. */
  readonly isCut = this.cut.asReadonly();
  readonly isSearching = this.busy.asReadonly();
  /** The match that is looked at, from 0. */
  readonly index = this.place.asReadonly();
  readonly current = computed(() => this.found()[this.place()] ?? null);

  /**
   * @param run searches for the query; it is not asked where that is empty
   * @returns whether it came to an end; false where another search has begun meanwhile
   */
  async search(query: string, run: SearchRun): Promise<boolean> {
    this.searching?.abort();
    this.searching = new AbortController();
    this.wanted.set(query);
    this.found.set([]);
    this.cut.set(false);
    this.place.set(0);
    this.busy.set(query !== '');
    if (query === '') return true;
    const isDone = await inSlices(() => run.advance(), this.searching.signal);
    if (!isDone) return false;
    this.found.set(run.results());
    this.cut.set(run.isCut ?? false);
    this.busy.set(false);
    return true;
  }

  /** Goes to the next match, or by -1 to the one before, round and round. */
  step(by: 1 | -1): void {
    const { length } = this.found();
    if (length > 0) this.place.update((place) => (place + by + length) % length);
  }
}
