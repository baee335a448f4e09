import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** How long a client may take to read an answer that is complete. */
const READ_TIMEOUT_MS = 30_000;
/** What all unread answers may hold together; beyond it the oldest are dropped. */
const MAX_UNREAD_BYTES = 128 * 1024 * 1024;
const CHECK_INTERVAL_MS = 1_000;

/**
 * Tracks the responses in progress, so that a shutdown cuts none of them off and clients that do not read their answers
 * cannot fill the service's memory.
 */
@Injectable()
export class OpenResponses implements OnApplicationShutdown {
  private readonly logger = new Logger(OpenResponses.name);
  /** For each open response, since when its answer has been complete but unread; null before it is complete. */
  private readonly open = new Map<Response, number | null>();
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

  private forget(response: Response): void {
    this.open.delete(response);
    if (this.open.size === 0) {
      this.onIdle?.();
    }
  }

  /** Resolves when every answer has been sent, after `timeoutMs` at the latest. */
  async finished(timeoutMs: number): Promise<void> {
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
   * Closes the connections of clients that do not read: those past the time limit, and the oldest while all unread
   * answers together hold too much. `now` is in milliseconds of `performance.now()`.
   */
  dropUnread(now: number): void {
    let unreadBytes = 0;
    const unread: Response[] = [];
    for (const [response, since] of this.open) {
      if (response.writableEnded && !response.writableFinished) {
        this.open.set(response, since ?? now);
        unread.push(response);
        unreadBytes += response.writableLength;
      }
    }
    for (const response of unread) {
      const age = now - (this.open.get(response) ?? now);
      if (age < READ_TIMEOUT_MS && unreadBytes <= MAX_UNREAD_BYTES) {
        continue;
      }
      unreadBytes -= response.writableLength;
      this.logger.warn(
        `A client did not read its answer (${response.writableLength} bytes left): connection closed`,
      );
      response.destroy();
      // Not told of twice, whether or not it emits 'close'.
      this.forget(response);
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
