import { ExecutionFailure } from '@pycell/sandbox';
import type { NextFunction, Request, Response } from 'express';

/**
 * Refuses requests that are addressed to another host name than the allowed ones.
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
    next(
      new ExecutionFailure(
        'INVALID_REQUEST',
        `Host ${JSON.stringify(header)} is not allowed. Add its name to ALLOWED_HOSTS to reach the API by it.`,
      ),
    );
  };
}
