import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { ErrorCode } from '@pycell/contracts';
import { ExecutionCancelled } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import type { Holding } from '../../answers/answer-room';
import type { Caller } from '../../callers/caller';
import { callerOf } from '../../callers/callers';
import { type RequestTrace, traceOf } from '../../http/request-trace';

/** For whom something is executed; opaque to interfaces, which hand it on. */
export interface ForeignClient {
  readonly caller: Caller;
  /** Aborts when the client goes away; what is executed for it is killed then. */
  readonly signal: AbortSignal;
  readonly trace: RequestTrace | undefined;
  /** Counts what its answer holds, where that costs no run. */
  readonly holding?: Holding;
  /** Told when something is executed for it, so that its answer is one of an execution. */
  executed?(): void;
  /** Told that nothing is executed of what was asked for it, and why: whatever status the interface says it with. */
  refused?(code: ErrorCode): void;
}

/** A request for which something may have been executed. */
interface ForeignExchange extends Request {
  hasExecuted?: boolean;
  refusal?: ErrorCode;
}

/** Injects for whom a request of an interface is executed. */
export const FromForeignClient = createParamDecorator(
  (_data: unknown, context: ExecutionContext): ForeignClient => {
    const http = context.switchToHttp();
    return foreignClientOf(http.getRequest<Request>(), http.getResponse<Response>());
  },
);

/** The same, for who has the request by other means. */
export function foreignClientOf(request: Request, response: Response): ForeignClient {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) {
      controller.abort(new ExecutionCancelled());
    }
  });
  return {
    caller: callerOf(request),
    signal: controller.signal,
    trace: traceOf(request),
    executed: () => {
      (request as ForeignExchange).hasExecuted = true;
    },
    refused: (code) => {
      (request as ForeignExchange).refusal = code;
    },
  };
}

/** Whether something was executed for a request: what came of it is counted as an execution. */
export function hasExecuted(request: Request): boolean {
  return (request as ForeignExchange).hasExecuted ?? false;
}

/** Why nothing was executed for a request that was read; undefined where nobody said so. */
export function refusalOf(request: Request): ErrorCode | undefined {
  return (request as ForeignExchange).refusal;
}
