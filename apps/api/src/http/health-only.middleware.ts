import { API_PATHS } from '@pycell/contracts';
import type { NextFunction, Request, Response } from 'express';
import { routeOf } from './endpoints';
import { RequestFailure } from './request-failure';

/** Returns a middleware for a process that serves no requests but those for its health. @param role the process's */
export function serveHealthOnly(role: string) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    const { path } = request;
    const known = routeOf(path);
    next(
      known === API_PATHS.health || known.startsWith(`${API_PATHS.health}/`)
        ? undefined
        : new RequestFailure(
            'NOT_FOUND',
            `There is no ${path} here: with ROLE=${role} a process answers to ${API_PATHS.health} only`,
          ),
    );
  };
}
