import type { JobEvent } from '../job';
import { writeEvent } from './redis-answers';

/** Small pieces are joined so long, and up to so many characters. */
const JOIN_MS = 20;
const JOINED_CHARACTERS = 64 * 1024;
/** With more that wait, a script that writes byte for byte to both streams has its pieces joined by stream. */
const MAX_APART = 32;
/** Events that are sent at once. */
const MAX_BATCH = 64;
/** What waits to be sent is bounded by what may be stored at all; an event takes so much besides its text. */
const EVENT_BYTES = 8;

/** Stores events behind the first `from`; false: nothing more is taken. */
export type StoreEvents = (from: number, events: readonly string[]) => Promise<boolean>;

/** Output of a run on its way to the store: in order, joined, one batch at a time. What could not be stored is sent again. */
export class ToldEvents {
  private waiting: JobEvent[] = [];
  private batch: readonly string[] = [];
  private stored = 0;
  private bytes = 0;
  private timer: NodeJS.Timeout | null = null;
  private sending: Promise<void> | null = null;
  private isFull = false;

  constructor(
    private readonly store: StoreEvents,
    private readonly maxBytes: number,
  ) {}

  tell(event: JobEvent): void {
    this.bytes += event.type === 'start' ? 0 : Buffer.byteLength(event.text);
    if (this.isFull || this.bytes > this.maxBytes) {
      this.isFull = true;
      return;
    }
    if (!this.join(event)) {
      this.bytes += EVENT_BYTES;
      this.waiting.push(event);
    }
    this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), JOIN_MS);
  }

  private join(event: JobEvent): boolean {
    if (event.type === 'start') {
      return false;
    }
    const isCrowded = this.waiting.length >= MAX_APART;
    const index = isCrowded
      ? this.waiting.findLastIndex(({ type }) => type === event.type)
      : this.waiting.length - 1;
    const last = this.waiting[index];
    if (last?.type !== event.type || last.text.length + event.text.length > JOINED_CHARACTERS) {
      return false;
    }
    this.waiting[index] = { type: event.type, text: last.text + event.text };
    return true;
  }

  /**
   * Sends what waits.
   * @throws JobStoreUnavailable where that could not be stored; it is kept for the next time
   */
  async flush(): Promise<void> {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
    while (this.sending || this.batch.length > 0 || this.waiting.length > 0) {
      this.sending ??= this.send().finally(() => (this.sending = null));
      await this.sending;
    }
  }

  /** Nothing is sent any more. */
  stop(): void {
    this.isFull = true;
    this.waiting = [];
    this.batch = [];
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  private async send(): Promise<void> {
    if (this.batch.length === 0) {
      this.batch = this.waiting.splice(0, MAX_BATCH).map(writeEvent);
    }
    const { batch } = this;
    if (!(await this.store(this.stored, batch))) {
      this.stop();
      return;
    }
    this.stored += batch.length;
    this.batch = [];
  }
}
