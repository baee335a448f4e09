import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { ExecutionCancelled, ExecutionFailure } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import { artifactPieces } from '../answers/artifacts';
import { ExecutionFailures } from '../answers/execution-failures';
import { sendPieces } from '../answers/send-execution';
import { ErrorAnswers } from '../http/error-answers';
import { requestIdOf } from '../http/request-id.middleware';
import { traceOf } from '../http/request-trace';

/** Answers executions that have no result, with the facts that are known of them. */
@Catch(ExecutionFailure, ExecutionCancelled)
export class ExecutionFailureFilter implements ExceptionFilter<ExecutionFailure | ExecutionCancelled> {
  constructor(
    private readonly answers: ErrorAnswers,
    private readonly failures: ExecutionFailures,
  ) {}

  async catch(exception: ExecutionFailure | ExecutionCancelled, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const trace = traceOf(request);
    if (exception instanceof ExecutionCancelled) {
      // The client is gone.
      trace?.ended('CANCELLED');
      response.end();
      return;
    }
    trace?.ended(exception.code, exception.facts.execution);
    const answer = this.failures.answerTo(exception, requestIdOf(request));
    const { artifacts } = exception.facts;
    if (!artifacts) {
      this.answers.send(request, response, answer);
      return;
    }
    const body = JSON.stringify(this.answers.bodyOf(answer, requestIdOf(request), trace?.id));
    const start = Buffer.from(`${body.slice(0, -1)},"artifacts":`);
    const pieces = [start, ...(await artifactPieces(artifacts)), Buffer.from('}')];
    this.answers.begin(response, answer);
    sendPieces(response, pieces);
  }
}
