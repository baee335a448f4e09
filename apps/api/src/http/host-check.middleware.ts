import type { NextFunction, Request, Response } from 'express';
import { RequestFailure } from './request-failure';

/**
 * Returns a middleware that refuses requests addressed to a host name that is not in `allowed`.
 * In local mode a web page could otherwise reach a developer's unjailed Python by DNS rebinding.
 */
export function allowHosts(allowed: readonly string[]) {
  const names = new Set(allowed.map((host) => host.toLowerCase()));
  return (request: Request, _response: Response, next: NextFunction): void => {
    const header = request.headers.host ?? '';
    const name = header
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1')
      .toLowerCase();
    if (names.has(name)) {
      next();
      return;
    }
    next(new RequestFailure('INVALID_REQUEST', hostRefused(header)));
  };
}

/** Returns what a client is told whose `Host` header is not allowed. */
export function hostRefused(header: string): string {
  return `Host ${JSON.stringify(header)} is not allowed. Add its name to ALLOWED_HOSTS to reach the API by it.`;
}
