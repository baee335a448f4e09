import { Inject, Injectable } from '@nestjs/common';
import { ExecutionFailure } from '@pycell/sandbox';
import type { Caller } from '../callers/caller';
import type { Configuration } from '../configuration/configuration';
import { CONFIGURATION } from '../configuration/configuration.constants';
import { RequestFailure } from '../http/request-failure';
import { DrainState } from '../shutdown/drain-state';
import type { JobOutcome, JobRecord, NewJob } from './job';
import { lastNumber } from './job-frames';
import { JOB_STORE, type JobStore, JobStoreUnavailable } from './job-store';

/** When who finds no store may come again. */
const WITHOUT_STORE_SECONDS = 2;
const ID = /^[0-9a-f]{32}$/;

/** A job, and what came of it. */
export interface FoundJob {
  readonly record: JobRecord;
  /** Null before its end, and of one that was cancelled. */
  readonly outcome: JobOutcome | null;
}

/** Asynchronous executions, for those who start them: each sees its own only. */
@Injectable()
export class Jobs {
  constructor(
    @Inject(JOB_STORE) private readonly store: JobStore,
    private readonly drain: DrainState,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** @throws RequestFailure, or ExecutionFailure where there is no room, or nothing that would keep it */
  async start(job: NewJob): Promise<JobRecord> {
    if (this.isInMemory && this.drain.draining) {
      throw unavailable('The service is shutting down, and keeps nothing. Nothing was started: retry.');
    }
    const acceptance = await this.ask(() => this.store.accept(job));
    switch (acceptance.kind) {
      case 'accepted':
      case 'repeated':
        return acceptance.record;
      case 'conflict':
        throw new RequestFailure(
          'IDEMPOTENCY_KEY_REUSED',
          'Another execution was started under this Idempotency-Key, with another body: choose a new key for each execution, and send the same bytes where you try again',
        );
      case 'full': {
        const { own, retryAfterSeconds } = acceptance;
        throw new ExecutionFailure(
          'SANDBOX_BUSY',
          own
            ? 'As many executions of yours wait as may, or they hold as much as they may. Retry when some have begun.'
            : 'As many executions wait as may (MAX_QUEUED_EXECUTIONS), or they hold as much as they may (MAX_QUEUED_MB). Retry later.',
          { retryAfterSeconds },
        );
      }
    }
  }

  /** @throws RequestFailure with NOT_FOUND, the same of what was never there, is forgotten, and is somebody else's */
  async find(id: string, caller: Caller): Promise<JobRecord> {
    const record = ID.test(id) ? await this.ask(() => this.store.find(id)) : null;
    if (!record || !isOf(caller, record)) {
      throw notThere();
    }
    return record;
  }

  /** @throws as `find` */
  async findWithOutcome(id: string, caller: Caller): Promise<FoundJob> {
    const record = await this.find(id, caller);
    const outcome = record.httpStatus === null ? null : await this.ask(() => this.store.outcomeOf(id));
    if (record.httpStatus !== null && !outcome) {
      // Forgotten between the two.
      throw notThere();
    }
    return { record, outcome };
  }

  /** Returns the note of one that `find` has found; null where it has none. @throws ExecutionFailure */
  noteOf(id: string): Promise<string | null> {
    return this.ask(() => this.store.noteOf(id));
  }

  /** Returns the number of the last event of one that has ended. @throws as `find` */
  async lastEventOf(id: string, caller: Caller): Promise<number> {
    await this.find(id, caller);
    const extent = await this.ask(() => this.store.extentOf(id));
    if (!extent) {
      throw notThere();
    }
    return lastNumber(extent);
  }

  /** Cancels what has not ended. @throws as `find` */
  async cancel(id: string, caller: Caller): Promise<JobRecord> {
    await this.find(id, caller);
    const record = await this.ask(() => this.store.cancel(id));
    if (!record) {
      throw notThere();
    }
    return record;
  }

  /** Returns how many wait, of all callers and all processes that share a Redis. @throws ExecutionFailure */
  async countWaiting(): Promise<number> {
    return (await this.ask(() => this.store.counts())).waiting;
  }

  private get isInMemory(): boolean {
    return this.configuration.redis === null;
  }

  private async ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (error instanceof JobStoreUnavailable) {
        throw unavailable(
          'What keeps asynchronous executions does not answer, or is full. It is safe to retry: POST with an Idempotency-Key.',
          error,
        );
      }
      throw error;
    }
  }
}

/** Without keys an id is all that is needed: nobody can guess one. What was started with a key needs that key. */
function isOf({ id, key }: Caller, { owner }: JobRecord): boolean {
  return owner === id || (key === null && !owner.startsWith('key:'));
}

function notThere(): RequestFailure {
  return new RequestFailure(
    'NOT_FOUND',
    'There is no such execution: its id is wrong, it has been forgotten, or it was started by somebody else',
  );
}

function unavailable(message: string, cause?: unknown): ExecutionFailure {
  return new ExecutionFailure('SANDBOX_UNAVAILABLE', message, {
    retryAfterSeconds: WITHOUT_STORE_SECONDS,
    cause,
  });
}
