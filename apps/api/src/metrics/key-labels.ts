/** So many keys have a label of their own, the others share one: a scrape of all their series must not hold up the runs. */
export const MOST_KEYS = 200;
/** No key can have this name. */
export const OTHER_KEYS = '(other)';
/** Of callers that are told by their addresses. */
export const NO_KEY = '';
/** How long the last figures of a key that was taken away can still be read. Milliseconds. */
export const KEPT_MS = 3_600_000;

/** Gives keys their labels: a bounded number, whatever keys come and go. */
export class KeyLabels {
  /** Since when a key with a label has not been among those that there are; null for those that are. */
  private readonly goneSince = new Map<string, number | null>();

  /** Returns the label of a key, null for callers without one. */
  of(key: string | null): string {
    if (key === null) {
      return NO_KEY;
    }
    return this.goneSince.has(key) || this.take(key) ? key : OTHER_KEYS;
  }

  /**
   * Notes which keys there are. Returns the labels that are new, and those that nobody needs any more.
   * @param now milliseconds, on any clock that only goes forward
   */
  update(
    keys: readonly string[],
    now: number,
  ): { readonly added: readonly string[]; readonly removed: ReadonlySet<string> } {
    const present = new Set(keys);
    const removed = new Set<string>();
    for (const [key, since] of this.goneSince) {
      if (present.has(key)) {
        this.goneSince.set(key, null);
      } else if (since === null) {
        this.goneSince.set(key, now);
      } else if (now - since >= KEPT_MS) {
        this.goneSince.delete(key);
        removed.add(key);
      }
    }
    const added = keys.filter((key) => !this.goneSince.has(key) && this.take(key));
    return { added, removed };
  }

  private take(key: string): boolean {
    if (this.goneSince.size >= MOST_KEYS) {
      return false;
    }
    this.goneSince.set(key, null);
    return true;
  }
}
