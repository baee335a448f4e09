import { inspect } from 'node:util';
import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  Inject,
  Logger,
  ServiceUnavailableException,
} from '@nestjs/common';
import { type ErrorResponse, STATUSES } from '@pycell/contracts';
import { ExecutionCancelled, type ExecutionFailure } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { SERVER_TIMING_HEADER, serverTiming } from '../executions/server-timing';
import { requestIdOf } from './request-id.middleware';
import { failureOfException, methodsOf } from './failure-of-exception';

/** Answers whatever was thrown in the one shape that all errors have. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (exception instanceof ExecutionCancelled || response.headersSent) {
      response.end();
      return;
    }
    if (isHealthReport(exception)) {
      response.status(exception.getStatus()).json(exception.getResponse());
      return;
    }
    const failure = failureOfException(exception, request);
    if (failure.code === 'INTERNAL' && !failure.facts.execution) {
      // Failures of executions have their own line in the log already.
      // What fails before the routes has no request in the logger's context.
      this.logger.error({ requestId: requestIdOf(request), err: failure.facts.cause ?? failure });
    }
    this.setHeaders(failure, request, response);
    response.status(STATUSES[failure.code].http).json(this.body(failure, request));
  }

  private setHeaders(failure: ExecutionFailure, request: Request, response: Response): void {
    if (failure.facts.retryAfterSeconds !== undefined) {
      response.setHeader('Retry-After', String(failure.facts.retryAfterSeconds));
    }
    if (failure.facts.execution) {
      response.setHeader(SERVER_TIMING_HEADER, serverTiming(failure.facts.execution));
    }
    if (failure.code === 'METHOD_NOT_ALLOWED') {
      response.setHeader('Allow', (methodsOf(request) ?? []).join(', '));
    }
  }

  private body(failure: ExecutionFailure, request: Request): ErrorResponse {
    const { line, column, traceback, stdout, stderr, execution, cause } = failure.facts;
    const explained = this.configuration.http.debug && failure.code === 'INTERNAL' && cause !== undefined;
    return {
      error: explained ? `${failure.message}: ${inspect(cause)}` : failure.message,
      code: failure.code,
      requestId: requestIdOf(request),
      ...(line !== undefined && { line }),
      ...(column !== undefined && { column }),
      ...(traceback !== undefined && { traceback }),
      ...(stdout !== undefined && { stdout }),
      ...(stderr !== undefined && { stderr }),
      ...(execution !== undefined && { execution }),
    };
  }
}

/** Terminus throws its report as an exception when something is down; it is the answer as it stands. */
function isHealthReport(exception: unknown): exception is ServiceUnavailableException {
  if (!(exception instanceof ServiceUnavailableException)) {
    return false;
  }
  const body = exception.getResponse();
  return typeof body === 'object' && 'details' in body;
}
