import type { Response } from 'express';
import { beginGradually } from '../answers/gradual-headers';
import { Outbox } from '../answers/outbox';
import type { GradualAnswer, OpenResponses } from '../shutdown/open-responses';
import type { JobEvent, JobRecord } from './job';
import { endParcels, eventsParcel, PING, sizeOf } from './job-frames';
import type { JobStore } from './job-store';

/** So much is taken from the store at a time; a reader that takes it slowly has no more of our memory. */
const WINDOW_BYTES = 256 * 1024;
/** When no more than this waits for the reader, the store is read on. */
const LOW_WATER_BYTES = 64 * 1024;

/** The events of one job, sent as they come, from a number on until it has ended. */
export class JobStream implements GradualAnswer {
  private readonly outbox: Outbox;
  private isReading = false;
  /** Whether something may have changed since the store was read. */
  private isStale = false;
  private isOver = false;
  private readonly unwatch: () => void;

  /**
   * Begins to send.
   * @param after the number of the last event that the reader has
   * @param onFault told of what the store rejects with; the stream is cut then, and its reader comes again
   */
  constructor(
    private readonly id: string,
    private after: number,
    private readonly store: JobStore,
    response: Response,
    responses: OpenResponses,
    private readonly onFault: (error: unknown) => void,
  ) {
    beginGradually(response, 'text/event-stream');
    response.flushHeaders();
    this.outbox = new Outbox(response, PING, () => this.goOn());
    responses.follow(response, this);
    this.unwatch = store.watch(id, () => this.read());
    response.once('close', () => this.close());
    this.read();
  }

  get waitingBytes(): number {
    return this.outbox.waitingBytes;
  }

  get progressAt(): number {
    return this.outbox.progressAt;
  }

  get dueAt(): number {
    return this.outbox.dueAt;
  }

  /** Ends it where it is: its reader comes again, and goes on from there. */
  leave(): void {
    if (!this.isOver) {
      this.close();
      this.outbox.end();
    }
  }

  private close(): void {
    this.isOver = true;
    this.unwatch();
  }

  private read(): void {
    this.isStale = true;
    this.goOn();
  }

  /** Reads the store, where it may have something new and the reader has room for it. */
  private goOn(): void {
    if (this.isReading || !this.mayRead) {
      return;
    }
    this.isReading = true;
    this.readOn().catch((error: unknown) => {
      this.onFault(error);
      this.leave();
    });
  }

  private get mayRead(): boolean {
    return this.isStale && !this.isOver && this.outbox.waitingBytes <= LOW_WATER_BYTES;
  }

  private async readOn(): Promise<void> {
    try {
      while (this.mayRead) {
        this.isStale = false;
        // Asked first: what was told before the end is there when the end is.
        const record = await this.store.find(this.id);
        const events = record ? await this.store.eventsAfter(this.id, this.after) : [];
        await this.sendNext(record, events);
      }
    } finally {
      this.isReading = false;
    }
  }

  private async sendNext(record: JobRecord | null, events: readonly JobEvent[]): Promise<void> {
    if (this.isOver) {
      return;
    }
    if (events.length > 0) {
      this.send(events);
      this.isStale = true;
    } else if (!record) {
      // It has been forgotten.
      this.leave();
    } else if (record.endedAt !== null) {
      await this.finish(record);
    }
  }

  private send(events: readonly JobEvent[]): void {
    let [count, bytes] = [0, 0];
    while (count < events.length && bytes < WINDOW_BYTES) {
      const event = events[count++];
      bytes += event ? sizeOf(event) : 0;
    }
    this.outbox.add(eventsParcel(this.id, events.slice(0, count), this.after));
    this.after += count;
  }

  private async finish({ status }: JobRecord): Promise<void> {
    // A reader that has come back may have more than those.
    const told = (await this.store.eventsAfter(this.id, 0)).length;
    const outcome = await this.store.outcomeOf(this.id);
    if (this.isOver) {
      return;
    }
    if (outcome || status === 'cancelled') {
      for (const parcel of endParcels(outcome, told).slice(Math.max(0, this.after - told))) {
        this.outbox.add(parcel);
      }
    }
    this.leave();
  }
}
