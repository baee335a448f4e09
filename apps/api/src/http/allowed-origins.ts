import type { NextFunction, Request, Response } from 'express';
import { RequestFailure } from './request-failure';

/**
 * Makes a station that refuses what web pages send that are not allowed to: FORBIDDEN. CORS alone does not: a page whose own name
 * has been made to lead here (DNS rebinding) asks no other origin, as its browser sees it. Clients that are no browsers send no
 * Origin.
 */
export function refuseForeignPages(
  corsOrigins: readonly string[],
): (request: Request, response: Response, next: NextFunction) => void {
  const origins = new Set(corsOrigins);
  return ({ headers: { origin } }, _response, next) => {
    if (origin === undefined || origins.has('*') || origins.has(origin)) {
      next();
      return;
    }
    next(
      new RequestFailure(
        'FORBIDDEN',
        `Origin ${JSON.stringify(origin.slice(0, 200))} is not allowed: add it to CORS_ORIGINS to let its pages use this interface`,
      ),
    );
  };
}
