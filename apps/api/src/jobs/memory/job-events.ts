import type { JobEvent } from '../job';
import { sizeOf } from '../job-frames';
import type { EventPage } from '../job-store';

/** An output event that is this long takes no more: one that reads it gets it in one piece. */
const FULL_CHARACTERS = 16 * 1024;
/** What was told is shown so long after what was shown before it, at the latest; until then small pieces are joined. */
const SHOW_INTERVAL_MS = 20;
/** Of one interval. With more, a script that writes byte for byte to both streams has its pieces joined by stream. */
const MAX_HIDDEN_EVENTS = 32;
/** What an event takes besides its text. */
const EVENT_BYTES = 64;

/**
 * One that has not been shown, in pieces: they are joined when it is. A text that is added to piece by piece would be kept by V8
 * as a tree of its pieces, which takes many times as much.
 */
interface HiddenEvent {
  readonly type: JobEvent['type'];
  readonly pieces: string[];
  length: number;
}

/** The events of one job. What has been shown does not change any more: its number tells a reader how far it is. */
export class JobEvents {
  private readonly shown: JobEvent[] = [];
  private hidden: HiddenEvent[] = [];
  private shownAt = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  private heldBytes = 0;

  /** @param onShown called when there is more to read */
  constructor(private readonly onShown: () => void) {}

  /** What they hold, about. */
  get bytes(): number {
    return this.heldBytes;
  }

  /** How many can be read. */
  get count(): number {
    return this.shown.length;
  }

  /** Those of a number greater than `after`, in order, up to about `maxBytes`. */
  after(after: number, maxBytes: number): EventPage {
    const { shown } = this;
    const first = Math.max(0, after);
    let end = first;
    for (let bytes = 0; end < shown.length && bytes < maxBytes; end++) {
      const event = shown[end];
      bytes += event ? sizeOf(event) : 0;
    }
    return { events: shown.slice(first, end), told: shown.length };
  }

  tell(event: JobEvent): void {
    if (event.type === 'start') {
      this.hide(event.type, []);
    } else {
      if (!this.joins(event.type, event.text)) {
        this.hide(event.type, [event.text]);
      }
      // At two bytes for a character, as V8 keeps what is not Latin-1.
      this.heldBytes += 2 * event.text.length;
    }
    this.timer ??= setTimeout(
      () => this.show(),
      Math.max(0, this.shownAt + SHOW_INTERVAL_MS - performance.now()),
    );
  }

  /** Shows all that was told. */
  show(): void {
    this.close();
    if (this.hidden.length > 0) {
      for (const { type, pieces } of this.hidden) {
        this.shown.push(type === 'start' ? { type } : { type, text: pieces.join('') });
      }
      this.hidden = [];
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

  private hide(type: JobEvent['type'], pieces: string[]): void {
    this.hidden.push({ type, pieces, length: pieces[0]?.length ?? 0 });
    this.heldBytes += EVENT_BYTES;
  }

  /** Joins a text to an event that nobody has read, where there is one for it; returns whether it did. */
  private joins(type: 'stdout' | 'stderr', text: string): boolean {
    const { hidden } = this;
    const isCrowded = hidden.length >= MAX_HIDDEN_EVENTS;
    // The order of the two streams is kept, but where they take turns byte for byte.
    const first = Math.max(0, hidden.length - (isCrowded ? 2 : 1));
    for (let at = hidden.length - 1; at >= first; at--) {
      const last = hidden[at];
      if (last?.type === type && last.length + text.length <= FULL_CHARACTERS) {
        last.pieces.push(text);
        last.length += text.length;
        return true;
      }
    }
    return false;
  }
}
