import { Injectable } from '@nestjs/common';
import type { StreamFormat } from '@pycell/contracts';
import {
  type Client,
  ExecutionCancelled,
  ExecutionFailure,
  type ExecutionRequest,
  SandboxService,
} from '@pycell/sandbox';
import type { Response } from 'express';
import { HeldBodies } from '../http/held-bodies';
import { requestIdOf } from '../http/request-id.middleware';
import { traceOf } from '../http/request-trace';
import { OpenResponses } from '../shutdown/open-responses';
import { EVENT_FRAMES } from './event-frames';
import { ExecutionFailures } from './execution-failures';
import { ExecutionStream } from './execution-stream';

/** Answers executions while they run. */
@Injectable()
export class StreamedAnswers {
  constructor(
    private readonly sandbox: SandboxService,
    private readonly failures: ExecutionFailures,
    private readonly responses: OpenResponses,
    private readonly bodies: HeldBodies,
  ) {}

  /**
   * Settles when the execution has ended; its client may still be reading then.
   * @throws what is wrong before the script is handed over: nothing has been sent then
   */
  async send(
    format: StreamFormat,
    request: ExecutionRequest,
    client: Client,
    response: Response,
  ): Promise<void> {
    const stream = new ExecutionStream(EVENT_FRAMES[format], response, this.responses);
    try {
      const heard = await this.sandbox.stream(request, client, stream);
      traceOf(response.req)?.ended('OK', heard.execution);
      stream.succeed(heard);
    } catch (error) {
      if (!stream.hasStarted) {
        throw error;
      }
      this.fail(stream, error, response);
    }
    // Whoever reads slowly now has its answer, and no more.
    this.bodies.drop(response.req);
  }

  private fail(stream: ExecutionStream, error: unknown, response: Response): void {
    if (error instanceof ExecutionCancelled) {
      // The client is gone.
      response.end();
      return;
    }
    const requestId = requestIdOf(response.req);
    const failure = error instanceof ExecutionFailure ? error : this.failures.internal(error, requestId);
    const trace = traceOf(response.req);
    trace?.ended(failure.code, failure.facts.execution);
    stream.fail(failure, this.failures.bodyOf(failure, requestId, trace?.id));
  }
}
