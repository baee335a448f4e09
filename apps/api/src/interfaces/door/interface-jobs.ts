import { Inject, Injectable } from '@nestjs/common';
import type { JobStatus } from '@pycell/contracts';
import { SandboxService } from '@pycell/sandbox';
import { Callers } from '../../callers/callers';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION } from '../../configuration/configuration.constants';
import type { InterfaceName } from '../../configuration/interfaces-options';
import { RequestFailure } from '../../http/request-failure';
import type { JobOutcome } from '../../jobs/job';
import { type FoundJob, Jobs } from '../../jobs/jobs.service';
import { interfaceBody } from '../../jobs/interface-job';
import { checkedRequest } from './checked-request';
import type { ForeignClient } from './foreign-client';
import type { ForeignFailure, ForeignOutcome } from './foreign-outcome';
import type { ForeignRequest } from './foreign-request';
import { noteText, readNote } from './job-note';
import { outcomeOfJob } from './job-outcome';
import { failedOutcome } from './outcomes';

/** An asynchronous execution of an interface. Times in milliseconds since 1970. */
export interface ForeignJob {
  /** 32 hexadecimal digits, which nobody can guess. */
  readonly id: string;
  readonly status: JobStatus;
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** As it was given to `start`. Whoever can write to where jobs are kept can have written it: trust it no more than a request. */
  readonly note: string;
  /** Without what it left in files. Null before its end, and of one that was cancelled. */
  readonly outcome: ForeignOutcome | null;
}

/** How busy the service is, at one moment. */
export interface Load {
  /** Runs that this process has at once. */
  readonly places: number;
  /** Of these, such as are held. */
  readonly running: number;
  /** Requests that wait here, and asynchronous executions that wait anywhere. */
  readonly waiting: number;
}

/** The only way from an interface to asynchronous executions. Each interface sees its own, and each client its own of these. */
@Injectable()
export class InterfaceJobs {
  constructor(
    private readonly jobs: Jobs,
    private readonly callers: Callers,
    private readonly sandbox: SandboxService,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /**
   * Starts one, which runs when there is a place for it. Its workers give it the terms of interfaces, too.
   * @param note kept with it, at most `MAX_NOTE_BYTES` of UTF-8: counts as what waits, and as what is kept
   * @throws RequestFailure, or ExecutionFailure where there is no room, or nothing that would keep it: leave them to the filter,
   * which answers in the form of the interface
   */
  async start(
    request: ForeignRequest,
    note: string,
    client: ForeignClient,
    name: InterfaceName,
  ): Promise<ForeignJob> {
    const caller = this.callers.interfaceTermsOf(client.caller);
    const checked = checkedRequest(request, caller.limits, name);
    this.sandbox.checkSize(checked, caller);
    const body = this.withinBounds(interfaceBody(checked, name));
    const { id: owner, key, maxPlaces } = caller;
    const record = await this.jobs.start({
      owner,
      key,
      maxPlaces,
      body,
      note: noteText(name, note),
      idempotencyKey: null,
      callbackUrl: null,
    });
    client.trace?.ended('OK');
    return { ...record, note, outcome: null };
  }

  /** The same for who starts several: what keeps one from being started is its outcome. */
  async tryStart(
    request: ForeignRequest,
    note: string,
    client: ForeignClient,
    name: InterfaceName,
  ): Promise<ForeignJob | ForeignFailure> {
    try {
      return await this.start(request, note, client, name);
    } catch (error) {
      return failedOutcome(error);
    }
  }

  /** How many executions may wait, of all callers together. */
  get maxWaiting(): number {
    return this.configuration.jobs.maxWaiting;
  }

  /** @throws ExecutionFailure where nothing answers that keeps asynchronous executions */
  async load(): Promise<Load> {
    const waitingJobs = await this.jobs.countWaiting();
    const { running, waitingCalls } = this.sandbox.occupancy;
    return {
      places: this.configuration.sandbox.admission.maxConcurrency,
      running,
      waiting: waitingCalls + waitingJobs,
    };
  }

  /** Null where there is none of that id, or it is another's, of another interface, or none of any. @throws ExecutionFailure, SANDBOX_BUSY where there is no room for its outcome, or ExecutionCancelled once the client has gone */
  async find(id: string, client: ForeignClient, name: InterfaceName): Promise<ForeignJob | null> {
    const found = await orNull(this.jobs.findWithOutcome(id, client.caller));
    return found && this.described(found, client, name);
  }

  /** What could never wait is refused for that, and is not told to come again. */
  private withinBounds(body: Buffer): Buffer {
    const { jobs, http } = this.configuration;
    const most = Math.min(jobs.maxWaitingBytes, http.bodyLimitBytes);
    if (body.length > most) {
      throw new RequestFailure(
        'PAYLOAD_TOO_LARGE',
        `The execution takes ${body.length} bytes while it waits, the limit is ${most}: send less`,
      );
    }
    return body;
  }

  private async described(
    { record, outcome }: FoundJob,
    { signal, holding }: ForeignClient,
    name: InterfaceName,
  ): Promise<ForeignJob | null> {
    // In the turn in which it was read: with many that ask for it there is room for some.
    holding?.resize(outcome ? sizeOf(outcome) : 0);
    const note = readNote(name, await this.jobs.noteOf(record.id));
    if (note === null) {
      return null;
    }
    const goOn = (): void => signal.throwIfAborted();
    return { ...record, note, outcome: outcome && (await outcomeOfJob(outcome, goOn)) };
  }
}

/** About how many bytes it holds. */
function sizeOf({ result, facts, output, artifacts }: JobOutcome): number {
  const texts = artifacts.reduce((sum, text) => sum + text.length, facts.length + output.length);
  return (result?.length ?? 0) + texts;
}

/** A job that is not there is no error here. */
async function orNull<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof RequestFailure && error.code === 'NOT_FOUND') {
      return null;
    }
    throw error;
  }
}
