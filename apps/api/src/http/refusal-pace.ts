/** Refusals are counted for so long. Less than the second that everybody is told to stay away at least. */
const INTERVAL_MS = 250;
/** So many of one caller are sent at once in an interval. */
const AT_ONCE = 16;

/**
 * Slows down who comes again at once for being refused: some hundred connections that do so would keep the event loop busy
 * with refusals, and everybody else waiting. Of a caller that is refused often, further refusals are held back a moment. Each has a
 * connection, of which `MAX_CONNECTIONS` bounds the number.
 */
export class RefusalPace {
  private readonly counts = new Map<string, number>();
  private held: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;

  /** Has a refusal sent, now or within a quarter of a second. */
  take(caller: string, send: () => void): void {
    const count = (this.counts.get(caller) ?? 0) + 1;
    this.counts.set(caller, count);
    this.timer ??= setTimeout(() => this.begin(), INTERVAL_MS).unref();
    if (count <= AT_ONCE) {
      send();
    } else {
      this.held.push(send);
    }
  }

  /** Begins a new interval: sends what is held, and forgets who was refused. */
  begin(): void {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
    this.counts.clear();
    const { held } = this;
    this.held = [];
    held.forEach((send) => send());
  }
}
