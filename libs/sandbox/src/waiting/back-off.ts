/** How long to wait between attempts: nothing before the first, then doubled each time, up to the largest. Milliseconds. */
export class BackOff {
  private delayMs = 0;

  constructor(
    private readonly firstMs: number,
    private readonly largestMs: number,
  ) {}

  /** Returns how long to wait after another failure. */
  nextMs(): number {
    this.delayMs = Math.min(Math.max(2 * this.delayMs, this.firstMs), this.largestMs);
    return this.delayMs;
  }

  /** It went well: the next failure is a first one. */
  reset(): void {
    this.delayMs = 0;
  }
}
