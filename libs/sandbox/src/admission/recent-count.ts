/** What has been for a shorter time has not faded: a power for each admission would cost more than the rest of it. Milliseconds. */
const STEP_MS = 10;

/** A count of which half is forgotten in each half-life. */
export class RecentCount {
  private value = 0;
  private at = performance.now();

  constructor(private readonly halfLifeMs: number) {}

  /** @param at now, where that is known */
  add(at = performance.now()): void {
    this.value = this.now(at) + 1;
  }

  now(at = performance.now()): number {
    if (at - this.at >= STEP_MS) {
      this.value *= 2 ** ((this.at - at) / this.halfLifeMs);
      this.at = at;
    }
    return this.value;
  }
}
