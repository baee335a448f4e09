import type { NextFunction, Request, Response } from 'express';
import { RequestFailure } from './request-failure';

/** Refuses bodies that are not sent as JSON, before anything reads them. */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  if (request.method === 'POST' && request.is('application/json') === false) {
    const seen = request.get('Content-Type') ?? 'none';
    next(
      new RequestFailure(
        'UNSUPPORTED_MEDIA_TYPE',
        `Content-Type is ${JSON.stringify(seen)}, send the body as application/json`,
      ),
    );
    return;
  }
  next();
}
