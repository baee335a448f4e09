import { Injectable } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { sayContinue } from './expected-continue';
import { hasBody } from './has-body';
import { HeldBodies } from './held-bodies';
import { type BodyBounds, receiveBytes } from './received-bytes';

/** Receives the bodies of requests: their bytes become `request.body`, which the pipe of a route reads. */
@Injectable()
export class RequestBodies {
  constructor(private readonly held: HeldBodies) {}

  /**
   * Express middleware for the routes whose bodies may be so large; behind `HeldBodies.track`.
   * @param boundsOf returns the bounds by the path below the one that it is for
   */
  receive(boundsOf: (path: string) => BodyBounds): RequestHandler {
    return (request, response, next) => {
      if (request.method !== 'POST' || !hasBody(request)) {
        next();
        return;
      }
      sayContinue(request, response);
      receiveBytes(request, boundsOf(request.url)).then(
        (bytes) => {
          this.held.keep(request, bytes);
          request.body = bytes;
          next();
        },
        (error: unknown) => next(error),
      );
    };
  }
}
