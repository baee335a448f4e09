import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';

/** Knows the requests that are being answered, so that a shutdown cuts none of them off. */
@Injectable()
export class OpenResponses {
  private readonly open = new Set<Response>();
  private onIdle: (() => void) | null = null;

  /** Express middleware. */
  readonly track = (_request: Request, response: Response, next: NextFunction): void => {
    this.open.add(response);
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
}
