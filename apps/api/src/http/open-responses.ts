import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** How long a client may take to read an answer that is complete. */
const READ_TIMEOUT_MS = 30_000;
/** What all unread answers may hold together; beyond it the oldest are given up. */
const MAX_UNREAD_BYTES = 128 * 1024 * 1024;
const LOOK_EVERY_MS = 1_000;

/**
 * Knows the requests that are being answered: a shutdown cuts none of them off, and clients that do not read their
 * answers cannot fill the memory with them.
 */
@Injectable()
export class OpenResponses implements OnApplicationShutdown {
  private readonly logger = new Logger(OpenResponses.name);
  /** For each open response, since when its answer has been complete and unread; null while it is being made. */
  private readonly open = new Map<Response, number | null>();
  private onIdle: (() => void) | null = null;
  private readonly timer = setInterval(() => this.giveUpUnread(performance.now()), LOOK_EVERY_MS).unref();

  /** Express middleware. */
  readonly track = (_request: Request, response: Response, next: NextFunction): void => {
    this.open.set(response, null);
    response.once('close', () => {
      this.open.delete(response);
      if (this.open.size === 0) {
        this.onIdle?.();
      }
    });
    next();
  };

  /** Resolves when every answer is out, after `timeoutMs` at the latest. */
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

  /** Ends the connections of those who do not read: who takes too long, and the oldest while there is too much. */
  giveUpUnread(now: number): void {
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
        `A client did not read its answer of ${response.writableLength} bytes: connection ended`,
      );
      response.destroy();
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
