import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type Client, ExecutionCancelled } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import { callerOf } from '../callers/callers';

/** Injects for whom the request is executed. Its signal aborts when the client disconnects before it has its answer. */
export const FromClient = createParamDecorator((_data: unknown, context: ExecutionContext): Client => {
  const http = context.switchToHttp();
  const response = http.getResponse<Response>();
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) {
      controller.abort(new ExecutionCancelled());
    }
  });
  return { caller: callerOf(http.getRequest<Request>()), signal: controller.signal };
});
