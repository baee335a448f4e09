import { HttpException } from '@nestjs/common';
import type { EndpointInfo } from '@pycell/contracts';
import type { Request } from 'express';
import { methodsOf } from './endpoints';
import { RequestFailure } from './request-failure';

/**
 * Returns the failure that tells a client about anything that was thrown while its request was handled.
 * @param foreign the endpoints of the interfaces of others that are served
 */
export function requestFailureOf(
  exception: unknown,
  request: Request,
  foreign: readonly EndpointInfo[] = [],
): RequestFailure {
  if (exception instanceof RequestFailure) {
    return exception;
  }
  if (exception instanceof HttpException) {
    return failureOfHttp(exception, request, foreign);
  }
  return isClientError(exception)
    ? new RequestFailure('INVALID_REQUEST', `The request cannot be served: ${exception.message}`)
    : RequestFailure.internal(exception);
}

/** Whether Express or a library of its own refuses the request: a Range or an If-Match of a file, for instance. */
function isClientError(exception: unknown): exception is Error {
  if (!(exception instanceof Error)) {
    return false;
  }
  const { status, expose } = exception as { status?: unknown; expose?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 && expose === true;
}

function failureOfHttp(
  exception: HttpException,
  request: Request,
  foreign: readonly EndpointInfo[],
): RequestFailure {
  const status = exception.getStatus();
  if (status === 404) {
    const methods = methodsOf(request.path, foreign);
    return methods ? methodNotAllowed(request.path, methods, request.method) : notFound(request.path);
  }
  return status < 500
    ? new RequestFailure('INVALID_REQUEST', exception.message)
    : RequestFailure.internal(exception);
}

/** Returns the failure of a request to a path that does not exist. */
export function notFound(path: string): RequestFailure {
  return new RequestFailure('NOT_FOUND', `There is no ${path} here; GET / lists the endpoints`);
}

/** Returns the failure of a request by a method that its path does not answer to, but to `methods`. */
export function methodNotAllowed(path: string, methods: readonly string[], method: string): RequestFailure {
  return new RequestFailure(
    'METHOD_NOT_ALLOWED',
    `${path} answers to ${methods.join(' and ')}, not to ${method}`,
  );
}
