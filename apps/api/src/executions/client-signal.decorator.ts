import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ExecutionCancelled } from '@pycell/sandbox';
import type { Response } from 'express';

/** Injects an AbortSignal that aborts when the client disconnects before it has its answer. */
export const ClientSignal = createParamDecorator((_data: unknown, context: ExecutionContext): AbortSignal => {
  const response = context.switchToHttp().getResponse<Response>();
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) {
      controller.abort(new ExecutionCancelled());
    }
  });
  return controller.signal;
});
