import { PING_INTERVAL_MS } from '@pycell/contracts';
import type { Response } from 'express';
import { type GradualAnswer, LEAST_BYTES_PER_MS, READ_TIMEOUT_MS } from '../shutdown/open-responses';

/**
 * So much is given to the socket at a time. What it has no longer shows how fast its reader is, and cannot be made later:
 * the rest stays here, in the form that takes the least memory.
 */
const SOCKET_BYTES = 64 * 1024;
/**
 * So much is made in one turn of the event loop. The callbacks of writes come in the same turn for a client that takes
 * all at once: without a bound one answer would be made to its end while everybody else waits.
 */
const TURN_BYTES = 128 * 1024;
/** Of texts that are sent one behind the other, so many are joined. */
const JOINED_CHARACTERS = 64 * 1024;

/** Something large, which is made piece by piece while the client reads. */
export interface Parcel {
  readonly pieces: Iterable<string | Buffer>;
  /** About how many bytes it holds until it has been sent. */
  readonly bytes: number;
}

/** Gives pieces with something before and behind them. */
export function* around(start: string, pieces: Parcel['pieces'], end: string): Iterable<string | Buffer> {
  if (start !== '') {
    yield start;
  }
  yield* pieces;
  if (end !== '') {
    yield end;
  }
}

interface OpenParcel {
  readonly pieces: Iterator<string | Buffer>;
  /** What is counted for it. */
  bytes: number;
}

/** Sends an answer while it is made, as fast as its client reads it, with a sign of life where there is nothing to send. */
export class Outbox implements GradualAnswer {
  private readonly queue: (string | OpenParcel)[] = [];
  /** Where the queue begins: elements are taken off it a thousand at a time. */
  private first = 0;
  private queuedBytes = 0;
  private isEnding = false;
  private isGone = false;
  private madeInTurn = 0;
  /** Goes on in the next turn of the event loop. */
  private nextTurn: NodeJS.Immediate | null = null;
  private movedAt = performance.now();
  private endDueAt = Infinity;
  private readonly pinging: NodeJS.Timeout;

  /**
   * @param ping what is sent when nothing else was for a while
   * @param onTaken called when the client has taken something
   */
  constructor(
    private readonly response: Response,
    ping: string,
    private readonly onTaken: () => void,
  ) {
    this.pinging = setTimeout(() => this.ping(ping), PING_INTERVAL_MS).unref();
    response.once('close', () => this.forget());
  }

  /** Bytes that wait for the client. */
  get waitingBytes(): number {
    return this.queuedBytes + (this.isGone ? 0 : this.response.writableLength);
  }

  /** By when all must have been taken: a client that takes a little now and then would keep it for hours. */
  get dueAt(): number {
    return this.endDueAt;
  }

  /** When the client took something, or what waits began to wait. */
  get progressAt(): number {
    return this.movedAt;
  }

  /** Sends a text that is not large. */
  write(text: string): void {
    if (this.isGone) {
      return;
    }
    if (this.queue.length === 0 && this.response.writableLength < SOCKET_BYTES) {
      this.send(text);
      return;
    }
    this.queue.push(text);
    this.queuedBytes += Buffer.byteLength(text);
  }

  /** Sends what is large. */
  add({ pieces, bytes }: Parcel): void {
    if (this.isGone) {
      return;
    }
    const counted = Math.max(1, bytes);
    this.queue.push({ pieces: pieces[Symbol.iterator](), bytes: counted });
    this.queuedBytes += counted;
    this.pump();
  }

  /** Nothing follows. */
  end(): void {
    this.isEnding = true;
    this.endDueAt = performance.now() + READ_TIMEOUT_MS + this.waitingBytes / LEAST_BYTES_PER_MS;
    clearTimeout(this.pinging);
    this.pump();
  }

  private ping(text: string): void {
    if (this.waitingBytes === 0) {
      this.send(text);
    } else {
      // What waits is a sign of life.
      this.pinging.refresh();
    }
  }

  private send(piece: string | Buffer): void {
    if (this.response.writableLength === 0) {
      this.movedAt = performance.now();
    }
    this.response.write(piece, this.taken);
    if (!this.isEnding) {
      this.pinging.refresh();
    }
  }

  /** What is written to a connection that is gone counts nowhere: all there is would be made for nobody. */
  private get isConnected(): boolean {
    return !this.isGone && this.response.socket?.writable === true;
  }

  private readonly taken = (error?: Error | null): void => {
    if (error || this.isGone) {
      return;
    }
    this.movedAt = performance.now();
    this.pump();
    this.onTaken();
  };

  private pump(): void {
    while (this.nextTurn === null && this.isConnected && this.response.writableLength < SOCKET_BYTES) {
      const piece = this.next();
      if (piece === null) {
        if (this.isEnding && !this.response.writableEnded) {
          this.response.end();
        }
        return;
      }
      this.send(piece);
      this.madeInTurn += piece.length;
      if (this.madeInTurn >= TURN_BYTES) {
        this.nextTurn = setImmediate(() => {
          this.nextTurn = null;
          this.madeInTurn = 0;
          this.pump();
        });
      }
    }
  }

  /** Takes what is to be sent next off the queue; null where there is nothing. */
  private next(): string | Buffer | null {
    for (;;) {
      const head = this.queue[this.first];
      if (head === undefined) {
        this.queue.length = 0;
        this.first = 0;
        return null;
      }
      if (typeof head === 'string') {
        return this.joined();
      }
      const step = head.pieces.next();
      // What is not all sent counts, even where it is more than was thought.
      const released = step.done ? head.bytes : Math.min(head.bytes - 1, Buffer.byteLength(step.value));
      head.bytes -= released;
      this.queuedBytes -= released;
      if (!step.done) {
        return step.value;
      }
      this.shift();
    }
  }

  /** Takes the texts that come next: of many small ones each would cost a write of its own. */
  private joined(): string {
    const texts: string[] = [];
    for (let length = 0; length < JOINED_CHARACTERS;) {
      const text = this.queue[this.first];
      if (typeof text !== 'string') {
        break;
      }
      texts.push(text);
      length += text.length;
      this.shift();
    }
    const text = texts.join('');
    this.queuedBytes -= Buffer.byteLength(text);
    return text;
  }

  private shift(): void {
    this.queue[this.first++] = '';
    if (this.first === 1_000) {
      this.queue.splice(0, this.first);
      this.first = 0;
    }
  }

  private forget(): void {
    this.isGone = true;
    if (this.nextTurn) {
      clearImmediate(this.nextTurn);
    }
    clearTimeout(this.pinging);
    this.queue.length = 0;
    this.queuedBytes = 0;
    this.onTaken();
  }
}
