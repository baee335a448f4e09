/** A frame that took longer than that is followed by as much rest, milliseconds. Screens draw every 16.7 ms. */
const LONG_FRAME_MS = 25;
/** A frame that took longer was none: the page was hidden. Milliseconds. */
const MOST_REST_MS = 250;

/**
 * Does work in animation frames, at most once in each, however often it is asked for; no frames come while the page is hidden.
 * Where a frame takes long, what the work brings about included, the page rests as long before the next: it stays free to react.
 */
export class FramePacer {
  private handle: number | null = null;
  private isWanted = false;
  /** When the latest work began, by the clock of frames; null where that is known to have been short. */
  private workedAt: number | null = null;
  private restUntil = 0;

  constructor(private readonly work: () => void) {}

  request(): void {
    this.isWanted = true;
    this.handle ??= requestAnimationFrame((now) => this.frame(now));
  }

  stop(): void {
    if (this.handle !== null) cancelAnimationFrame(this.handle);
    this.handle = null;
    this.isWanted = false;
  }

  private frame(now: number): void {
    this.handle = null;
    if (this.workedAt !== null) {
      const tookMs = now - this.workedAt;
      this.restUntil = tookMs > LONG_FRAME_MS ? now + Math.min(tookMs, MOST_REST_MS) : now;
      this.workedAt = null;
    }
    if (!this.isWanted) return;
    if (now >= this.restUntil) {
      this.isWanted = false;
      this.workedAt = now;
      this.work();
    }
    // The next frame tells how long this one took, or ends the rest.
    this.handle ??= requestAnimationFrame((next) => this.frame(next));
  }
}
