/** What ordinary Python needs on the event loop, with room to spare. */
const ORDINARY_MS = 1.5;
/** After more than that, nothing is tried for so many times as long: hard texts have a tenth of the loop at most. */
const REST_FACTOR = 10;
/** In one turn of the loop nothing more is begun once attempts took so long together. */
const TURN_MS = 5;

/** What the event loop gives to attempts at scripts, so that many of them at once hold it no longer than a few do. */
export class LoopShare {
  private restUntil = -Infinity;
  private turnMs = 0;

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether another attempt may begin. */
  get isFree(): boolean {
    return this.turnMs < TURN_MS && this.now() >= this.restUntil;
  }

  /** Counts an attempt that has ended. */
  charge(spentMs: number): void {
    if (this.turnMs === 0) {
      setImmediate(() => {
        this.turnMs = 0;
      });
    }
    this.turnMs += spentMs;
    if (spentMs > ORDINARY_MS) {
      this.restUntil = this.now() + REST_FACTOR * spentMs;
    }
  }
}
