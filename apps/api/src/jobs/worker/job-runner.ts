import { Injectable, Logger } from '@nestjs/common';
import { STATUSES } from '@pycell/contracts';
import {
  type Client,
  ExecutionCancelled,
  ExecutionFailure,
  type ReservedPlace,
  SandboxService,
} from '@pycell/sandbox';
import type { Caller } from '../../callers/caller';
import { Callers } from '../../callers/callers';
import { KeyFault } from '../../callers/key-fault';
import { mannerAt } from '../../configuration/interfaces-options';
import { partsOfJob } from '../interface-job';
import type { JobOutcome } from '../job';
import type { TakenJob } from '../job-store';
import { JobOutcomes } from './job-outcomes';
import { JobRequests } from './job-requests';
import { ToldOutput } from './told-output';

/** What ends runs and their ends, when the service shuts down. */
export interface JobShutdown {
  /** Aborts when what still runs is killed. */
  readonly killing: AbortSignal;
  /** Aborts when there is no more time to store ends. */
  readonly leaving: AbortSignal;
}

/** Of one whose own could not be made. */
function internalOutcome(id: string): JobOutcome {
  return {
    httpStatus: STATUSES.INTERNAL.http,
    result: null,
    facts: JSON.stringify({ error: 'Internal error', code: 'INTERNAL', requestId: id }),
    output: '{}',
    artifacts: [],
  };
}

/** Runs jobs that have been taken, from their bodies to their ends. */
@Injectable()
export class JobRunner {
  private readonly logger = new Logger('Jobs');

  constructor(
    private readonly sandbox: SandboxService,
    private readonly callers: Callers,
    private readonly requests: JobRequests,
    private readonly outcomes: JobOutcomes,
  ) {}

  /**
   * Runs one, in a place that comes back in any case, and ends it. Its script is handed over once it has begun, and never
   * where that is not known: such a job ends as SANDBOX_UNAVAILABLE.
   * @param shutdown what still runs when it kills ends as SANDBOX_UNAVAILABLE
   * @returns its status as an answer; null of one that others have ended
   * @throws JobStoreUnavailable where its end could not be stored
   */
  async run(job: TakenJob, place: ReservedPlace, shutdown: JobShutdown): Promise<number | null> {
    let outcome: JobOutcome | null;
    try {
      outcome = await this.outcomeOf(job, place, shutdown.killing);
    } catch (error) {
      // Without an end it would be held for as long as this process lives.
      this.logger.error({ msg: 'an execution has no outcome', execution: { id: job.id }, err: error });
      outcome = internalOutcome(job.id);
    } finally {
      place.release();
    }
    if (outcome && !(await job.end(outcome, shutdown.leaving))) {
      this.logger.log({ msg: 'ended otherwise', execution: { id: job.id } });
    }
    return outcome?.httpStatus ?? null;
  }

  /** Returns null of one that has been ended by others. */
  private async outcomeOf(
    job: TakenJob,
    place: ReservedPlace,
    shutdown: AbortSignal,
  ): Promise<JobOutcome | null> {
    const { id, owner, key } = job;
    const { interfaceName, body } = partsOfJob(job.body);
    const caller = this.callerOf(owner, key, interfaceName);
    if (caller instanceof KeyFault) {
      return this.outcomes.ofAnswer(caller.answer, id);
    }
    const told = new ToldOutput(job);
    const running = new Running(job.ended, shutdown);
    try {
      const asked = await this.requests.read(body, caller);
      const request = interfaceName === null ? asked : { ...asked, manner: mannerAt(interfaceName) };
      const client: Client = { caller, signal: running.signal };
      const begin = (): Promise<void> => beginOf(job);
      const facts = interfaceName === null ? {} : { facts: { interface: interfaceName } };
      const heard = await this.sandbox.executeJob({ id, request, client, place, begin, ...facts }, told);
      return await this.outcomes.ofResult(heard, told);
    } catch (error) {
      if (!(error instanceof ExecutionCancelled)) {
        return await this.outcomes.ofError(error, id, told);
      }
      return job.ended.aborted || !shutdown.aborted
        ? null
        : await this.outcomes.ofError(unavailable('the worker shut down before the run had ended'), id, told);
    } finally {
      running.end();
    }
  }

  private callerOf(owner: string, key: string | null, interfaceName: string | null): Caller | KeyFault {
    const caller = this.callers.callerOfOwner(owner, key);
    return interfaceName === null || caller instanceof KeyFault
      ? caller
      : this.callers.termsAt(interfaceName, caller);
  }
}

/** @throws ExecutionCancelled where it has ended meanwhile; ExecutionFailure where it is not known whether it may begin */
async function beginOf(job: TakenJob): Promise<void> {
  let mayBegin: boolean;
  try {
    mayBegin = await job.begin();
  } catch (cause) {
    throw unavailable(cause);
  }
  if (!mayBegin) {
    throw new ExecutionCancelled();
  }
}

/** Told of a job whose script was not handed over, or was killed. */
function unavailable(cause: unknown): ExecutionFailure {
  return new ExecutionFailure(
    'SANDBOX_UNAVAILABLE',
    'The sandbox is not available. No result was delivered: it is safe to retry.',
    { retryAfterSeconds: 1, cause },
  );
}

/** What ends a run: not AbortSignal.any, which on Node 20 keeps every signal that was made of one that lives long. */
class Running {
  private readonly controller = new AbortController();
  private readonly abort = (): void => this.controller.abort();

  constructor(
    private readonly ends: AbortSignal,
    private readonly shutdown: AbortSignal,
  ) {
    for (const signal of [ends, shutdown]) {
      signal.addEventListener('abort', this.abort, { once: true });
      if (signal.aborted) {
        this.abort();
      }
    }
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    this.ends.removeEventListener('abort', this.abort);
    this.shutdown.removeEventListener('abort', this.abort);
  }
}
