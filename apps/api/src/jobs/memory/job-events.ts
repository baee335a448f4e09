import type { JobEvent } from '../job';

/** An output event that is this long takes no more: one that reads it gets it in one piece. */
const FULL_CHARACTERS = 16 * 1024;
/** What was told is shown so long after what was shown before it, at the latest; until then small pieces are joined. */
const SHOW_INTERVAL_MS = 20;
/** Of one interval. With more, a script that writes byte for byte to both streams has its pieces joined by stream. */
const MAX_HIDDEN_EVENTS = 32;
/** What an event takes besides its text. */
const EVENT_BYTES = 64;

/** The events of one job. What has been shown does not change any more: its number tells a reader how far it is. */
export class JobEvents {
  private readonly all: JobEvent[] = [];
  private shown = 0;
  private shownAt = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private heldBytes = 0;

  /** @param onShown called when there is more to read */
  constructor(private readonly onShown: () => void) {}

  /** What they hold, about. */
  get bytes(): number {
    return this.heldBytes;
  }

  /** Those of a number greater than `after`, in order. */
  after(after: number): readonly JobEvent[] {
    return this.all.slice(Math.max(0, after), this.shown);
  }

  tell(event: JobEvent): void {
    if (event.type === 'start' || !this.joins(event.type, event.text)) {
      this.all.push(event);
      this.heldBytes += EVENT_BYTES;
    }
    // At two bytes for a character, as V8 keeps what is not Latin-1.
    this.heldBytes += event.type === 'start' ? 0 : 2 * event.text.length;
    this.timer ??= setTimeout(
      () => this.show(),
      Math.max(0, this.shownAt + SHOW_INTERVAL_MS - performance.now()),
    );
  }

  /** Shows all that was told. */
  show(): void {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
    if (this.shown < this.all.length) {
      this.shown = this.all.length;
      this.shownAt = performance.now();
      this.onShown();
    }
  }

  /** Lets go of the timer of a job that is forgotten. */
  close(): void {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  /** Joins a text to an event that nobody has read, where there is one for it; returns whether it did. */
  private joins(type: 'stdout' | 'stderr', text: string): boolean {
    const { all } = this;
    const isCrowded = all.length - this.shown >= MAX_HIDDEN_EVENTS;
    // The order of the two streams is kept, but where they take turns byte for byte.
    const first = isCrowded ? Math.max(this.shown, all.length - 2) : Math.max(this.shown, all.length - 1);
    for (let at = all.length - 1; at >= first; at--) {
      const last = all[at];
      if (last?.type === type && last.text.length + text.length <= FULL_CHARACTERS) {
        all[at] = { type, text: last.text + text };
        return true;
      }
    }
    return false;
  }
}
