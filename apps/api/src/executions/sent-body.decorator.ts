import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { CallerTerms } from '@pycell/sandbox';
import type { Request } from 'express';
import { callerOf } from '../callers/callers';

/** A request's body as it came, and who sent it: what it may ask for follows from that, and a pipe knows no request. */
export interface SentBody {
  /** Its bytes; undefined where there are none. */
  readonly body: unknown;
  readonly caller: CallerTerms;
}

/** Hands a request's body to a pipe, with its caller. */
export const FromBody = createParamDecorator((_data: unknown, context: ExecutionContext): SentBody => {
  const request = context.switchToHttp().getRequest<Request>();
  return { body: request.body as unknown, caller: callerOf(request) };
});
