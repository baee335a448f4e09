import type { EndpointInfo } from '@pycell/contracts';
import type { NextFunction, Request, Response } from 'express';
import { methodsOf, routeOf } from './endpoints';
import { hasBody } from './has-body';
import { methodNotAllowed } from './request-failure-of';
import { RequestFailure } from './request-failure';

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** Refuses bodies that are not sent as JSON in UTF-8, before anything reads them. */
export function requireJson(request: Request, _response: Response, next: NextFunction): void {
  refuseOthers(request, next, []);
}

/** @param foreign the endpoints of the interfaces of others that are served */
function refuseOthers(request: Request, next: NextFunction, foreign: readonly EndpointInfo[]): void {
  if (request.method === 'POST' && request.is('application/json') === false) {
    const path = `${request.baseUrl}${request.path}`;
    const methods = methodsOf(path, foreign);
    if (methods && !methods.includes('POST')) {
      // No other body would make it right.
      next(methodNotAllowed(path, methods, 'POST'));
      return;
    }
    const seen = request.get('Content-Type') ?? 'none';
    next(
      new RequestFailure(
        'UNSUPPORTED_MEDIA_TYPE',
        `Content-Type is ${JSON.stringify(seen)}, send the body as application/json`,
      ),
    );
    return;
  }
  const charset = CHARSET.exec(request.get('Content-Type') ?? '')?.[1]?.toLowerCase() ?? 'utf-8';
  if (request.method === 'POST' && charset !== 'utf-8') {
    next(
      new RequestFailure(
        'UNSUPPORTED_MEDIA_TYPE',
        `Request body: unsupported charset ${JSON.stringify(charset.toUpperCase())}, send it as UTF-8`,
      ),
    );
    return;
  }
  next();
}

/**
 * Refuses the same at interfaces of others, but for bodies of other types, which JSON stands in all the same. Not from browsers: a
 * page of anybody may send these without asking, as it may not send JSON.
 * @param foreign the endpoints of the interface
 * @param bodiless paths of POST at which nobody reads a body: where none comes, its type is not asked for
 */
export function requireJsonOr(
  types: readonly string[],
  foreign: readonly EndpointInfo[],
  bodiless: readonly string[] = [],
) {
  return (request: Request, _response: Response, next: NextFunction): void => {
    if (
      bodiless.length > 0 &&
      !hasBody(request) &&
      bodiless.includes(routeOf(`${request.baseUrl}${request.path}`))
    ) {
      next();
      return;
    }
    const isOfBrowser = request.get('Origin') !== undefined || request.get('Sec-Fetch-Site') !== undefined;
    if (types.length > 0 && !isOfBrowser && typeof request.is([...types]) === 'string') {
      next();
    } else {
      refuseOthers(request, next, foreign);
    }
  };
}
