import type { Response } from 'express';
import { beginGradually } from '../answers/gradual-headers';
import { Outbox } from '../answers/outbox';
import type { GradualAnswer, OpenResponses } from '../shutdown/open-responses';
import { endParcels, eventsParcel, PING } from './job-frames';
import type { JobLook, JobReader } from './job-reader';

/** When no more than this waits for the reader, the store is read on: so a slow one has a page of events more at most, or the outcome. */
const LOW_WATER_BYTES = 64 * 1024;
/** A stream ends after so long where it is, and its reader comes again: nobody holds a connection for ever. */
export const LONGEST_LIFE_MS = 10 * 60_000;

/** The events of one job, sent as they come, from a number on until it has ended. */
export class JobStream implements GradualAnswer {
  private readonly outbox: Outbox;
  private isReading = false;
  /** Whether something may have changed since the store was read. */
  private isStale = false;
  private isOver = false;
  private readonly unfollow: () => void;
  private readonly life: NodeJS.Timeout;

  /**
   * Begins to send.
   * @param after the number of the last event that the reader has
   * @param onFault told of what the store rejects with; the stream is cut then, and its reader comes again
   */
  constructor(
    private readonly id: string,
    private after: number,
    private readonly job: JobReader,
    response: Response,
    responses: OpenResponses,
    private readonly onFault: (error: unknown) => void,
    longestLifeMs = LONGEST_LIFE_MS,
  ) {
    beginGradually(response, 'text/event-stream');
    response.flushHeaders();
    this.outbox = new Outbox(response, PING, () => this.goOn());
    responses.follow(response, this);
    this.life = setTimeout(() => this.leave(), longestLifeMs).unref();
    this.unfollow = job.follow(() => this.read());
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
    clearTimeout(this.life);
    this.unfollow();
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
    return this.isStale && !this.isOver && this.hasRoom;
  }

  private get hasRoom(): boolean {
    return this.outbox.waitingBytes <= LOW_WATER_BYTES;
  }

  private async readOn(): Promise<void> {
    try {
      while (this.mayRead) {
        this.isStale = false;
        await this.send(await this.job.look(this.after));
      }
    } finally {
      this.isReading = false;
    }
  }

  private async send({ record, events, told }: JobLook): Promise<void> {
    if (this.isOver) {
      return;
    }
    if (!record) {
      // It has been forgotten.
      this.leave();
      return;
    }
    if (events.length > 0) {
      this.outbox.add(eventsParcel(this.id, events, this.after));
      this.after += events.length;
    }
    if (this.after < told) {
      this.isStale = true;
    } else if (record.endedAt !== null && this.hasRoom) {
      await this.finish(record.status === 'cancelled', told);
    } else if (record.endedAt !== null) {
      this.isStale = true;
    }
  }

  /** @param told how many events there are without those that follow from the end; a reader that has come back may have more */
  private async finish(isCancelled: boolean, told: number): Promise<void> {
    const outcome = isCancelled ? null : await this.job.outcomeOf();
    if (this.isOver) {
      return;
    }
    if (outcome || isCancelled) {
      for (const parcel of endParcels(outcome, told).slice(Math.max(0, this.after - told))) {
        this.outbox.add(parcel);
      }
    }
    this.leave();
  }
}
