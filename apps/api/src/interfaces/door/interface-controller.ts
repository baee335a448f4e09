import {
  applyDecorators,
  type ArgumentsHost,
  Catch,
  Controller,
  type ExceptionFilter,
  Logger,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ExecutionCancelled, ExecutionFailure } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import { ErrorAnswers } from '../../http/error-answers';
import { requestIdOf } from '../../http/request-id.middleware';
import { traceOf } from '../../http/request-trace';
import { RefusedRequests } from './refused-requests';

/** Answers what an interface leaves to it, in the form of that interface. */
@Catch(ExecutionFailure, ExecutionCancelled)
export class InterfaceFailureFilter implements ExceptionFilter<ExecutionFailure | ExecutionCancelled> {
  private readonly logger = new Logger(InterfaceFailureFilter.name);

  constructor(private readonly answers: ErrorAnswers) {}

  catch(exception: ExecutionFailure | ExecutionCancelled, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (exception instanceof ExecutionCancelled) {
      // The client is gone.
      traceOf(request)?.ended('CANCELLED');
      response.end();
      return;
    }
    const { code, message, facts } = exception;
    const { retryAfterSeconds, cause } = facts;
    if (code === 'INTERNAL') {
      this.logger.error({ requestId: requestIdOf(request), err: cause ?? exception });
    }
    this.answers.send(request, response, {
      code,
      message,
      cause,
      headers: retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

/** A controller of an interface: its paths are not in our OpenAPI, its failures are told in its own form, and its refusals count. */
export function InterfaceController(): ClassDecorator {
  return applyDecorators(
    Controller(),
    ApiExcludeController(),
    UseFilters(InterfaceFailureFilter),
    UseInterceptors(RefusedRequests),
  );
}
