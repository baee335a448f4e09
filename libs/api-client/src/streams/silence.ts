/** A stream that says nothing sends a sign of life so often, milliseconds. */
const PING_INTERVAL_MS = 15_000;
/** Longer than three signs of life: the connection has gone without a word, as when a laptop slept. Milliseconds. */
const SILENCE_MS = 3.5 * PING_INTERVAL_MS;

/** Aborts when nothing has come for too long, and with another signal. */
export class Silence {
  private readonly controller = new AbortController();
  private readonly abort = (): void => this.controller.abort(this.other?.reason);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isReleased = false;

  /** @param silenceMs how long nothing may come */
  constructor(
    private readonly other: AbortSignal | null,
    private readonly silenceMs = SILENCE_MS,
  ) {
    if (other?.aborted) {
      this.abort();
    }
    other?.addEventListener('abort', this.abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something has come, or is to come from now on: before the first of these calls it waits as long as it takes. */
  broken(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.abort, this.silenceMs);
  }

  /** Nobody waits for anything, until something is to come again. */
  rest(): void {
    clearTimeout(this.timer);
  }

  /** All has come: lets go of the other signal, and leaves the connection to whoever comes next. */
  release(): void {
    this.isReleased = true;
    this.letGo();
  }

  /** Nothing more is wanted: lets go, and closes the connection, unless it was left to others. */
  end(): void {
    this.letGo();
    if (!this.isReleased) {
      this.abort();
    }
  }

  private letGo(): void {
    clearTimeout(this.timer);
    this.other?.removeEventListener('abort', this.abort);
  }
}
