import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { ExecutionCancelled, ExecutionFailure } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import { type ErrorAnswer, ErrorAnswers } from '../http/error-answers';
import { requestIdOf } from '../http/request-id.middleware';
import { SERVER_TIMING_HEADER, serverTiming } from './server-timing';
import { artifactOf } from './artifacts';

/** In the order in which people read: what to do first, what was printed last. */
function bodyOf({
  hint,
  line,
  column,
  violations,
  traceback,
  exitCode,
  signal,
  stdout,
  stderr,
  artifacts,
  execution,
}: ExecutionFailure['facts']): NonNullable<ErrorAnswer['facts']> {
  return {
    hint,
    line,
    column,
    violations,
    traceback,
    exitCode,
    signal,
    stdout,
    stderr,
    artifacts: artifacts?.map(artifactOf),
    execution,
  };
}

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
    const { retryAfterSeconds, cause, ...facts } = exception.facts;
    if (code === 'INTERNAL' && !facts.execution) {
      // What ran has its line in the log already.
      this.logger.error({ requestId: requestIdOf(request), err: cause ?? exception });
    }
    this.answers.send(request, response, {
      code,
      message,
      cause,
      facts: bodyOf(facts),
      headers: {
        ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
        ...(facts.execution && { [SERVER_TIMING_HEADER]: serverTiming(facts.execution) }),
      },
    });
  }
}
