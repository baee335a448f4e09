/** The clock of one request: the wall clock once, and from then on one that nobody sets. */
export class RequestClock {
  private readonly offsetMs = Date.now() - performance.now();

  /** Milliseconds since 1970, with a fraction. */
  now(): number {
    return this.offsetMs + performance.now();
  }
}
