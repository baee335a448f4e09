import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/**
 * How long a client may take to read an answer that is complete, and how long it may read nothing of one that is made while
 * it reads.
 */
export const READ_TIMEOUT_MS = 30_000;
/** At this rate an answer that was made while its client read has to be taken, once it is complete. */
export const LEAST_BYTES_PER_MS = 32;
/** What all unread answers may hold together; beyond it the oldest are dropped, such as cost no run before all others. */
const MAX_UNREAD_BYTES = 128 * 1024 * 1024;
const CHECK_INTERVAL_MS = 1_000;

/** An answer that is made while its client reads it. */
export interface GradualAnswer {
  /** What is held of it because the client has not read it yet. */
  readonly waitingBytes: number;
  /** Since when the client has read nothing of that, by `performance.now()`. */
  readonly progressAt: number;
  /** When the client must have read all of it, on that clock; Infinity while it is being made. */
  readonly dueAt: number;
  /** Ends one that goes on for as long as there may be something to tell: at a shutdown nothing follows. */
  leave?(): void;
}

/** An answer, or a part of one, that its client has not read. */
interface Unread {
  readonly response: Response;
  readonly bytes: number;
  readonly since: number;
  readonly due: number;
  /** It cost no run, and can be asked for again. */
  readonly isRepeatable: boolean;
}

/**
 * Tracks the responses in progress, so that a shutdown cuts none of them off and clients that do not read their answers
 * cannot fill the service's memory.
 */
@Injectable()
export class OpenResponses implements OnApplicationShutdown {
  private readonly logger = new Logger(OpenResponses.name);
  /** For each open response, since when its answer has been complete but unread; null before it is complete. */
  private readonly open = new Map<Response, number | null>();
  private readonly gradual = new Map<Response, GradualAnswer>();
  private readonly repeatable = new WeakSet<Response>();
  private onIdle: (() => void) | null = null;
  private readonly timer = setInterval(() => this.dropUnread(performance.now()), CHECK_INTERVAL_MS).unref();

  /** Express middleware. */
  readonly track = ({ socket }: Request, response: Response, next: NextFunction): void => {
    this.open.set(response, null);
    const forget = (): void => {
      socket.removeListener('close', forget);
      this.forget(response);
    };
    response.once('close', forget);
    // A response that waits behind another one is not told that the connection is gone.
    socket.once('close', forget);
    next();
  };

  /**
   * Says that a response that is tracked is made while its client reads it.
   * @param isRepeatable whether it costs no run, and can be asked for again
   */
  follow(response: Response, answer: GradualAnswer, isRepeatable = false): void {
    if (this.open.has(response)) {
      this.gradual.set(response, answer);
      if (isRepeatable) {
        this.repeatable.add(response);
      }
    }
  }

  /** Has the connection of each answer end with it, and the client told so, where its head is not sent yet. */
  endConnections(): void {
    for (const response of this.open.keys()) {
      response.shouldKeepAlive = false;
    }
  }

  private forget(response: Response): void {
    this.open.delete(response);
    this.gradual.delete(response);
    if (this.open.size === 0) {
      this.onIdle?.();
    }
  }

  /** Resolves when every answer has been sent, after `timeoutMs` at the latest. */
  async finished(timeoutMs: number): Promise<void> {
    for (const answer of this.gradual.values()) {
      answer.leave?.();
    }
    if (this.open.size === 0) {
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /**
   * Closes the connections of clients that do not read: those past the time limit, and those that have read nothing for
   * the longest time while all unread answers together hold too much; of these the repeatable ones first. `now` is in milliseconds of `performance.now()`.
   */
  dropUnread(now: number): void {
    const unread = this.unreadAt(now);
    let unreadBytes = unread.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { response, bytes, due } of unread) {
      if (now < due && unreadBytes <= MAX_UNREAD_BYTES) {
        continue;
      }
      unreadBytes -= bytes;
      this.logger.warn(`A client did not read its answer (${bytes} bytes left): connection closed`);
      response.destroy();
      // Not told of twice, whether or not it emits 'close'.
      this.forget(response);
    }
  }

  /** Returns what is unread, in the order in which it is dropped where it is too much. */
  private unreadAt(now: number): readonly Unread[] {
    const unread: Unread[] = [];
    for (const [response, completeAt] of this.open) {
      const gradual = this.gradual.get(response);
      const isRepeatable = this.repeatable.has(response);
      if (gradual) {
        if (gradual.waitingBytes > 0) {
          const { waitingBytes: bytes, progressAt: since, dueAt } = gradual;
          const due = Math.min(since + READ_TIMEOUT_MS, dueAt);
          unread.push({ response, bytes, since, due, isRepeatable });
        }
      } else if (response.writableEnded && !response.writableFinished) {
        const since = completeAt ?? now;
        this.open.set(response, since);
        const due = since + READ_TIMEOUT_MS;
        unread.push({ response, bytes: response.writableLength, since, due, isRepeatable });
      }
    }
    return unread.sort(
      (one, other) => Number(other.isRepeatable) - Number(one.isRepeatable) || one.since - other.since,
    );
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
