import { HttpException } from '@nestjs/common';
import { API_PATHS } from '@pycell/contracts';
import { ExecutionFailure } from '@pycell/sandbox';
import type { Request } from 'express';

/** The methods that a path answers to. */
const METHODS_OF_PATH: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(API_PATHS).map((path) => [path, path === API_PATHS.execute ? ['POST'] : ['GET', 'HEAD']]),
);

/** Returns the methods, by the router's own rules (neither case nor a final slash matter), that the requested path answers to, undefined where there is no such path. */
export function methodsOf(request: Request): readonly string[] | undefined {
  return METHODS_OF_PATH.get(request.path.replace(/(?<=.)\/$/, '').toLowerCase());
}

/** Returns the failure that tells a client about anything that was thrown while its request was handled. */
export function failureOfException(exception: unknown, request: Request): ExecutionFailure {
  if (exception instanceof ExecutionFailure) {
    return exception;
  }
  if (exception instanceof HttpException) {
    return failureOfHttp(exception, request);
  }
  return new ExecutionFailure('INTERNAL', 'Internal error', { cause: exception });
}

function failureOfHttp(exception: HttpException, request: Request): ExecutionFailure {
  const status = exception.getStatus();
  if (status === 404) {
    const methods = methodsOf(request);
    return methods
      ? new ExecutionFailure(
          'METHOD_NOT_ALLOWED',
          `${request.path} answers to ${methods.join(' and ')}, not to ${request.method}`,
        )
      : new ExecutionFailure('NOT_FOUND', `There is no ${request.path} here; GET / lists the endpoints`);
  }
  if (status < 500) {
    return new ExecutionFailure('INVALID_REQUEST', exception.message);
  }
  return new ExecutionFailure('INTERNAL', 'Internal error', { cause: exception });
}
