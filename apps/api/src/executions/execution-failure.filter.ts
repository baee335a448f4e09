import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { ExecutionCancelled, ExecutionFailure } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import { ErrorAnswers } from '../http/error-answers';
import { requestIdOf } from '../http/request-id.middleware';
import { SERVER_TIMING_HEADER, serverTiming } from './server-timing';

/** Answers executions that have no result, with the facts that are known of them. */
@Catch(ExecutionFailure, ExecutionCancelled)
export class ExecutionFailureFilter implements ExceptionFilter<ExecutionFailure | ExecutionCancelled> {
  private readonly logger = new Logger(ExecutionFailureFilter.name);

  constructor(private readonly answers: ErrorAnswers) {}

  catch(exception: ExecutionFailure | ExecutionCancelled, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (exception instanceof ExecutionCancelled) {
      // The client is gone.
      response.end();
      return;
    }
    const { code, message } = exception;
    const { line, column, traceback, stdout, stderr, execution, retryAfterSeconds, cause } = exception.facts;
    if (code === 'INTERNAL' && !execution) {
      // What ran has its line in the log already.
      this.logger.error({ requestId: requestIdOf(request), err: cause ?? exception });
    }
    this.answers.send(request, response, {
      code,
      message,
      cause,
      facts: { line, column, traceback, stdout, stderr, execution },
      headers: {
        ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
        ...(execution && { [SERVER_TIMING_HEADER]: serverTiming(execution) }),
      },
    });
  }
}
