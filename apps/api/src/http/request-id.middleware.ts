import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { REQUEST_ID_HEADER } from '@pycell/contracts';
import type { NextFunction, Request, Response } from 'express';
import { KEY_TEXT } from '../configuration/key-text';

/** What a caller may choose as an id: nothing that could break a header or a log line, and no key, which logs do not have. */
const ACCEPTABLE_ID = new RegExp(`^(?!.*${KEY_TEXT})[\\w.:-]{1,128}$`);

/** Gives each request an id, the caller's own where it is acceptable, and sends it back. */
export function assignRequestId(request: Request, response: Response, next: NextFunction): void {
  const id = chooseRequestId(request);
  request.id = id;
  response.setHeader(REQUEST_ID_HEADER, id);
  next();
}

/** Returns the id for a request: the caller's own where it is acceptable. */
export function chooseRequestId({ headers }: IncomingMessage): string {
  const given = headers[REQUEST_ID_HEADER.toLowerCase()];
  return typeof given === 'string' && ACCEPTABLE_ID.test(given) ? given : randomUUID();
}

/** Returns the id that `assignRequestId` gave. */
export function requestIdOf(request: Request): string {
  return typeof request.id === 'string' ? request.id : '';
}
