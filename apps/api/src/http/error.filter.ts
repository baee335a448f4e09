import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { methodsOf } from './endpoints';
import { ErrorAnswers } from './error-answers';
import { FailedRequests } from './failed-requests';
import { ForeignForms } from './foreign-forms';
import { requestFailureOf } from './request-failure-of';
import { requestIdOf } from './request-id.middleware';
import { traceOf } from './request-trace';

/** Answers whatever no feature answers itself: failures of requests, and our own faults as `INTERNAL`. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  constructor(
    private readonly answers: ErrorAnswers,
    private readonly failed: FailedRequests,
    private readonly foreign: ForeignForms,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const { endpoints } = this.foreign;
    const failure = requestFailureOf(exception, request, endpoints);
    const { code, message, cause, hint } = failure;
    if (code === 'INTERNAL') {
      // What fails before the routes has no request in the logger's context.
      const traceId = traceOf(request)?.id;
      this.logger.error({ requestId: requestIdOf(request), traceId, err: cause ?? failure });
    }
    // Else it was told another code before, or nobody is left to be told this one: whose upload broke off, for instance.
    if (!response.headersSent && request.socket.writable) {
      this.failed.tell(request, code);
    }
    const headers =
      code === 'METHOD_NOT_ALLOWED'
        ? { Allow: (methodsOf(request.path, endpoints) ?? []).join(', ') }
        : failure.headers;
    this.answers.send(request, response, { code, message, cause, headers, facts: { hint } });
  }
}
