import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { ErrorCode } from '@pycell/contracts';
import type { Request, Response } from 'express';
import { FailedRequests } from '../../http/failed-requests';
import { traceOf } from '../../http/request-trace';
import { hasExecuted, refusalOf } from './foreign-client';

/** What the refusals that an interface sends itself are, by their statuses. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/** Counts and traces requests that an interface refuses in its own form, as those that are refused by what is thrown. */
@Injectable()
export class RefusedRequests implements NestInterceptor {
  constructor(private readonly failed: FailedRequests) {}

  intercept(context: ExecutionContext, next: CallHandler): ReturnType<CallHandler['handle']> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    // Before `close`, at which the trace ends.
    response.once('finish', () => {
      const { statusCode } = response;
      const code = refusalOf(request) ?? codeOf(statusCode);
      // Of an execution, whatever came of it, the executions tell; what was thrown the filters have told.
      if (code === null || hasExecuted(request) || this.failed.knows(request)) {
        return;
      }
      traceOf(request)?.ended(code);
      this.failed.tell(request, code);
    });
    return next.handle();
  }
}

/** Null where it refuses nothing. */
function codeOf(status: number): ErrorCode | null {
  return status < 400 || status >= 500 ? null : (CODES[status] ?? 'INVALID_REQUEST');
}
