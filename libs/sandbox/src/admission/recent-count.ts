/** A count of which half is forgotten in each half-life. */
export class RecentCount {
  private value = 0;
  private at = performance.now();

  constructor(private readonly halfLifeMs: number) {}

  add(): void {
    this.value = this.now() + 1;
  }

  now(): number {
    const at = performance.now();
    this.value *= 2 ** ((this.at - at) / this.halfLifeMs);
    this.at = at;
    return this.value;
  }
}
