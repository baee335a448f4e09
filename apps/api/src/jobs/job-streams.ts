import { Inject, Injectable, Logger } from '@nestjs/common';
import { ExecutionFailure } from '@pycell/sandbox';
import type { Request, Response } from 'express';
import { callerOf } from '../callers/callers';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { requestIdOf } from '../http/request-id.middleware';
import { RequestFailure } from '../http/request-failure';
import { OpenResponses } from '../shutdown/open-responses';
import { JobReaders } from './job-reader';
import { JOB_STORE, type JobStore } from './job-store';
import { JobStream } from './job-stream';
import { Jobs } from './jobs.service';

export const LAST_EVENT_ID_HEADER = 'Last-Event-ID';
const NUMBER = /^\d{1,10}$/;

/** A caller may follow so many executions at once, or as many as a quarter of all connections; all together half of these. */
const MAX_STREAMS = 100;
const [SHARE_OF_ONE, SHARE_OF_ALL] = [1 / 4, 1 / 2];
const RETRY_AFTER_SECONDS = 5;

/** Tells of executions while they run, and afterwards. */
@Injectable()
export class JobStreams {
  private readonly logger = new Logger('JobStreams');
  /** How many streams each caller holds open. */
  private readonly open = new Map<string, number>();
  private openOfAll = 0;
  private readonly readers: JobReaders;

  constructor(
    private readonly jobs: Jobs,
    @Inject(JOB_STORE) store: JobStore,
    private readonly responses: OpenResponses,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {
    this.readers = new JobReaders(store);
  }

  /** @throws what is wrong before anything is sent */
  async send(id: string, request: Request, response: Response): Promise<void> {
    const caller = callerOf(request);
    const after = lastEventIdOf(request);
    const record = await this.jobs.find(id, caller);
    if (request.method === 'HEAD') {
      response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
      response.end();
      return;
    }
    if (after > 0 && record.endedAt !== null && after >= (await this.jobs.lastEventOf(id, caller))) {
      // There is nothing more to come: browsers come again after any other answer.
      response.status(204).end();
      return;
    }
    if (!response.destroyed) {
      this.count(caller.id, response);
      const requestId = requestIdOf(request);
      new JobStream(id, after, this.readers.of(id), response, this.responses, (err) =>
        this.logger.warn({ requestId, err }, 'a stream of events was cut'),
      );
    }
  }

  /** @throws ExecutionFailure where the caller holds as many as it may, or all do */
  private count(caller: string, response: Response): void {
    const { maxConnections } = this.configuration.http;
    const held = this.open.get(caller) ?? 0;
    if (held >= Math.max(1, Math.min(MAX_STREAMS, Math.floor(maxConnections * SHARE_OF_ONE)))) {
      throw busy(
        `You follow ${held} executions already, which is as many as you may: end one of these streams, or ask for the execution without /events`,
      );
    }
    if (this.openOfAll >= Math.max(1, Math.floor(maxConnections * SHARE_OF_ALL))) {
      throw busy('As many executions are followed as may be: retry later, or ask for it without /events');
    }
    this.open.set(caller, held + 1);
    this.openOfAll++;
    response.once('close', () => {
      this.openOfAll--;
      const left = (this.open.get(caller) ?? 1) - 1;
      if (left === 0) {
        this.open.delete(caller);
      } else {
        this.open.set(caller, left);
      }
    });
  }
}

function busy(message: string): ExecutionFailure {
  return new ExecutionFailure('SANDBOX_BUSY', message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}

function lastEventIdOf(request: Request): number {
  const sent = request.get(LAST_EVENT_ID_HEADER);
  if (sent === undefined) {
    return 0;
  }
  if (!NUMBER.test(sent)) {
    throw new RequestFailure(
      'INVALID_REQUEST',
      `${LAST_EVENT_ID_HEADER} is ${JSON.stringify(sent.slice(0, 50))}, it must be the id of an event, a whole number; leave it out for all events`,
    );
  }
  return Number(sent);
}
