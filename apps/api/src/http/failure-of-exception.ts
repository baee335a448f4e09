import { HttpException } from '@nestjs/common';
import { API_PATHS } from '@pycell/contracts';
import { ExecutionFailure } from '@pycell/sandbox';
import type { Request } from 'express';

/** What body-parser puts on its errors. */
interface BodyParserError {
  readonly type: string;
  readonly status: number;
  readonly message: string;
  readonly limit?: number;
}

/** The methods that a path answers to. */
export const METHODS_OF_PATH: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(API_PATHS).map((path) => [path, path === API_PATHS.execute ? ['POST'] : ['GET', 'HEAD']]),
);

/** Returns the failure that tells a client about anything that was thrown while its request was handled. */
export function failureOfException(exception: unknown, request: Request): ExecutionFailure {
  if (exception instanceof ExecutionFailure) {
    return exception;
  }
  if (isBodyParserError(exception)) {
    return failureOfBody(exception);
  }
  if (exception instanceof HttpException) {
    return failureOfHttp(exception, request);
  }
  return new ExecutionFailure('INTERNAL', 'Internal error', { cause: exception });
}

function isBodyParserError(exception: unknown): exception is BodyParserError {
  const candidate = exception as Partial<BodyParserError> | null;
  return typeof candidate?.type === 'string' && typeof candidate.status === 'number';
}

function failureOfBody(error: BodyParserError): ExecutionFailure {
  switch (error.type) {
    case 'entity.too.large':
      return new ExecutionFailure(
        'PAYLOAD_TOO_LARGE',
        `Request body is larger than the limit of ${error.limit} bytes`,
      );
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new ExecutionFailure('UNSUPPORTED_MEDIA_TYPE', `Request body: ${error.message}`);
    case 'entity.parse.failed':
      return new ExecutionFailure('INVALID_REQUEST', `Request body is not valid JSON: ${error.message}`);
    default:
      return error.status < 500
        ? new ExecutionFailure('INVALID_REQUEST', `Request body cannot be read: ${error.message}`)
        : new ExecutionFailure('INTERNAL', 'Internal error', { cause: error });
  }
}

function failureOfHttp(exception: HttpException, request: Request): ExecutionFailure {
  const status = exception.getStatus();
  if (status === 404) {
    const methods = METHODS_OF_PATH.get(request.path);
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
