import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { ExecutionCancelled, ExecutionFailure } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import { type ErrorAnswer, ErrorAnswers } from '../http/error-answers';
import { requestIdOf } from '../http/request-id.middleware';
import { artifactPieces } from './artifacts';
import { sendPieces } from './send-execution';
import { SERVER_TIMING_HEADER, serverTiming } from './server-timing';

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
    execution,
  };
}

/** Answers executions that have no result, with the facts that are known of them. */
@Catch(ExecutionFailure, ExecutionCancelled)
export class ExecutionFailureFilter implements ExceptionFilter<ExecutionFailure | ExecutionCancelled> {
  private readonly logger = new Logger(ExecutionFailureFilter.name);

  constructor(private readonly answers: ErrorAnswers) {}

  async catch(exception: ExecutionFailure | ExecutionCancelled, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (exception instanceof ExecutionCancelled) {
      // The client is gone.
      response.end();
      return;
    }
    const { code, message } = exception;
    const { retryAfterSeconds, cause, artifacts, ...facts } = exception.facts;
    if (code === 'INTERNAL' && !facts.execution) {
      // What ran has its line in the log already.
      this.logger.error({ requestId: requestIdOf(request), err: cause ?? exception });
    }
    const answer: ErrorAnswer = {
      code,
      message,
      cause,
      facts: bodyOf(facts),
      headers: {
        ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
        ...(facts.execution && { [SERVER_TIMING_HEADER]: serverTiming(facts.execution) }),
      },
    };
    if (!artifacts) {
      this.answers.send(request, response, answer);
      return;
    }
    const body = JSON.stringify(this.answers.bodyOf(answer, requestIdOf(request)));
    const start = Buffer.from(`${body.slice(0, -1)},"artifacts":`);
    const pieces = [start, ...(await artifactPieces(artifacts)), Buffer.from('}')];
    this.answers.begin(response, answer);
    sendPieces(response, pieces);
  }
}
