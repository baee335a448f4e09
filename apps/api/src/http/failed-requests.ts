import { Injectable } from '@nestjs/common';
import type { ErrorCode } from '@pycell/contracts';
import type { Request } from 'express';

/** Hears of a request that failed as such: no execution of it was begun. */
export type FailedRequestListener = (request: Request, code: ErrorCode) => void;

/** Passes on which requests failed, to one who wants to know. */
@Injectable()
export class FailedRequests {
  private readonly told = new WeakSet<Request>();
  private listener: FailedRequestListener | null = null;

  listen(listener: FailedRequestListener): void {
    this.listener = listener;
  }

  tell(request: Request, code: ErrorCode): void {
    this.told.add(request);
    this.listener?.(request, code);
  }

  /** Whether it was told of this request. */
  knows(request: Request): boolean {
    return this.told.has(request);
  }
}
