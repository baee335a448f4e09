import type { ErrorResponse } from '@pycell/contracts';
import type { BatchListener, ExecutionFailure } from '@pycell/sandbox';
import type { Response } from 'express';
import type { OpenResponses } from '../shutdown/open-responses';
import { batchItem, type BatchOutcome } from './batch-item';
import type { BatchLayout } from './batch-layout';
import { beginGradually } from './gradual-headers';
import { around, Outbox, type Parcel } from './outbox';

/** While more than this waits for the client, or for its turn, no run begins. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** What all batches together hold that waits for its turn: beyond it each has only the run begin that its array waits for. */
const MAX_HELD_BYTES = 64 * 1024 * 1024;
/** An array must wait for its next element: so many times the places runs may begin behind that. */
const PLACES_AHEAD = 2;

interface Waiting {
  readonly index: number;
  readonly begin: () => void;
}

/** What became of an input that is not the next of the array. */
interface Held {
  readonly item: string | Parcel;
  readonly bytes: number;
}

/** What all batches hold that waits for its turn. */
export interface HeldOutcomes {
  bytes: number;
}

/**
 * The answer to a batch. Nothing of it is sent before the script has been accepted. What it holds is bounded whatever the
 * outcomes weigh: beyond the bound there are those only whose runs had begun before, at most one for each place.
 */
export class BatchAnswer implements BatchListener {
  private outbox: Outbox | null = null;
  /** How many have been sent; in an array the index of the next. */
  private sent = 0;
  /** In an array, those that wait for their turn, by their indexes. */
  private readonly held = new Map<number, Held>();
  private heldBytes = 0;
  private waiting: Waiting[] = [];

  constructor(
    private readonly layout: BatchLayout,
    private readonly response: Response,
    private readonly responses: OpenResponses,
    private readonly places: number,
    private readonly heldByAll: HeldOutcomes,
    /** Returns the body of a failure, but for its artifacts. */
    private readonly errorBody: (failure: ExecutionFailure) => Partial<ErrorResponse>,
  ) {}

  /** Whether status and headers have gone out. */
  get hasStarted(): boolean {
    return this.outbox !== null;
  }

  onStart(): void {
    beginGradually(this.response, this.layout.mediaType);
    this.outbox = new Outbox(this.response, this.layout.ping, () => this.beginWaiting());
    this.responses.follow(this.response, this);
    this.response.once('close', () => this.forget());
    this.response.flushHeaders();
    if (this.layout.start !== '') {
      this.outbox.write(this.layout.start);
    }
  }

  readyFor(index: number): Promise<void> | undefined {
    if (this.mayBegin(index)) {
      return undefined;
    }
    return new Promise((begin) => this.waiting.push({ index, begin }));
  }

  onOutcome(index: number, outcome: BatchOutcome): void {
    if (this.response.destroyed) {
      return;
    }
    const item = batchItem(index, outcome, this.errorBody);
    if (!this.layout.isInOrder) {
      this.send(item);
      return;
    }
    const bytes = typeof item === 'string' ? item.length : item.bytes;
    this.held.set(index, { item, bytes });
    this.count(bytes);
    this.sendHeld();
    this.beginWaiting();
  }

  /** Every input has had its outcome. */
  end(): void {
    if (this.layout.end !== '') {
      this.outbox?.write(this.layout.end);
    }
    this.outbox?.end();
  }

  /** For who watches over slow readers: all that is held, and since when the client has taken nothing. */
  get waitingBytes(): number {
    const unread = this.outbox?.waitingBytes ?? 0;
    // What only waits for its turn is no fault of the client.
    return unread === 0 ? 0 : unread + this.heldBytes;
  }

  get progressAt(): number {
    return this.outbox?.progressAt ?? 0;
  }

  get dueAt(): number {
    return this.outbox?.dueAt ?? Infinity;
  }

  private sendHeld(): void {
    for (let next = this.held.get(this.sent); next; next = this.held.get(this.sent)) {
      this.held.delete(this.sent);
      this.count(-next.bytes);
      this.send(next.item);
    }
  }

  private count(bytes: number): void {
    this.heldBytes += bytes;
    this.heldByAll.bytes += bytes;
  }

  private forget(): void {
    this.held.clear();
    this.count(-this.heldBytes);
  }

  private send(item: string | Parcel): void {
    const { layout, outbox } = this;
    const before = this.sent++ === 0 ? layout.beforeFirst : layout.before;
    if (typeof item === 'string') {
      outbox?.write(`${before}${item}${layout.after}`);
      return;
    }
    outbox?.add({ pieces: around(before, item.pieces, layout.after), bytes: item.bytes });
  }

  private mayBegin(index: number): boolean {
    const unread = this.outbox?.waitingBytes ?? 0;
    // Nobody waits for the turn of what nobody reads any more.
    if (this.response.destroyed) {
      return true;
    }
    if (!this.layout.isInOrder || index === this.sent) {
      return unread <= MAX_WAITING_BYTES;
    }
    return (
      index < this.sent + PLACES_AHEAD * this.places &&
      unread + this.heldBytes <= MAX_WAITING_BYTES &&
      this.heldByAll.bytes <= MAX_HELD_BYTES
    );
  }

  private beginWaiting(): void {
    if (this.waiting.length === 0) {
      return;
    }
    const { waiting } = this;
    this.waiting = [];
    for (const one of waiting) {
      if (this.mayBegin(one.index)) {
        one.begin();
      } else {
        this.waiting.push(one);
      }
    }
  }
}
