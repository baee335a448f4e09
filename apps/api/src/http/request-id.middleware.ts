import { randomUUID } from 'node:crypto';
import { REQUEST_ID_HEADER } from '@pycell/contracts';
import type { NextFunction, Request, Response } from 'express';

/** What a caller may choose as an id: nothing that could break a header or a log line. */
const ACCEPTABLE_ID = /^[\w.:-]{1,128}$/;

/** Gives each request an id, the caller's own where it is acceptable, and sends it back. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.get(REQUEST_ID_HEADER);
  const id = given && ACCEPTABLE_ID.test(given) ? given : randomUUID();
  request.id = id;
  response.setHeader(REQUEST_ID_HEADER, id);
  next();
}

/** Returns the id that `assignRequestId` gave. */
export function requestIdOf(request: Request): string {
  return typeof request.id === 'string' ? request.id : '';
}
