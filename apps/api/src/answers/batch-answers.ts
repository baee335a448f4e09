import { Inject, Injectable } from '@nestjs/common';
import type { ErrorResponse } from '@pycell/contracts';
import {
  type BatchRequest,
  type Client,
  ExecutionCancelled,
  type ExecutionFailure,
  SandboxService,
} from '@pycell/sandbox';
import type { Response } from 'express';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { HeldBodies } from '../http/held-bodies';
import { requestIdOf } from '../http/request-id.middleware';
import { traceOf } from '../http/request-trace';
import { OpenResponses } from '../shutdown/open-responses';
import { BatchAnswer, type HeldOutcomes } from './batch-answer';
import type { BatchLayout } from './batch-layout';
import { ExecutionFailures } from './execution-failures';
import { recordedBatch } from './recorded-batch';

/** Answers one script with many inputs. */
@Injectable()
export class BatchAnswers {
  private readonly places: number;
  private readonly held: HeldOutcomes = { bytes: 0 };

  constructor(
    private readonly sandbox: SandboxService,
    private readonly failures: ExecutionFailures,
    private readonly responses: OpenResponses,
    private readonly bodies: HeldBodies,
    @Inject(CONFIGURATION) { sandbox: options }: Configuration,
  ) {
    this.places = options.admission.maxConcurrency;
  }

  /**
   * Settles when every input has its outcome; the client may still be reading then.
   * @throws what is wrong with the batch itself: nothing has been sent then
   */
  async send(layout: BatchLayout, request: BatchRequest, client: Client, response: Response): Promise<void> {
    const requestId = requestIdOf(response.req);
    const trace = traceOf(response.req);
    const bodyOf = (failure: ExecutionFailure): Partial<ErrorResponse> =>
      this.failures.bodyOf(failure, requestId, trace?.id);
    const answer = new BatchAnswer(layout, response, this.responses, this.places, this.held, bodyOf);
    try {
      await this.sandbox.batch(request, client, trace ? recordedBatch(answer, trace) : answer);
      answer.end();
    } catch (error) {
      if (!answer.hasStarted) {
        throw error;
      }
      if (!(error instanceof ExecutionCancelled)) {
        this.failures.internal(error, requestId);
      }
      // What has been sent is no whole answer, and must not look like one.
      response.destroy();
    }
    this.bodies.drop(response.req);
  }
}
