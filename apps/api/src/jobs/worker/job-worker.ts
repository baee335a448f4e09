import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, Optional } from '@nestjs/common';
import { STATUSES } from '@pycell/contracts';
import { type PlacesOfJobs, type ReservedPlace, SandboxProbe, SandboxService } from '@pycell/sandbox';
import type { Configuration } from '../../configuration/configuration';
import { CONFIGURATION } from '../../configuration/configuration.constants';
import { JOB_OBSERVER, type JobObserver } from '../job-observer';
import {
  JOB_SOURCE,
  JOB_STORE,
  type JobSource,
  type JobStore,
  JobStoreUnavailable,
  type TakenJob,
} from '../job-store';
import { JobRunner } from './job-runner';

/** How long to wait where another has taken what waited, and after a failure: doubled each time, up to these. Milliseconds. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 50;
const LONGEST_PAUSE_OF_FAILURES_MS = 2_000;

/** So long after the last are killed their ends are tried to be stored: whoever finds the others ends them. */
const LAST_ENDS_MS = 2_000;

/** Takes jobs as long as there are places for them, and has them run. */
@Injectable()
export class JobWorker implements OnApplicationBootstrap {
  private readonly logger = new Logger('Jobs');
  /** Aborts when no more are taken. */
  private readonly stopping = new AbortController();
  /** Aborts when those that still run are killed. */
  private readonly killing = new AbortController();
  /** Aborts when there is no more time to store ends. */
  private readonly leaving = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private working: Promise<void> = Promise.resolve();
  private pauseMs = 0;
  private isFailing = false;
  /** Whether the sandbox worked when it was last asked, or used. */
  private isProved = false;

  constructor(
    @Inject(JOB_SOURCE) private readonly source: JobSource,
    @Inject(JOB_STORE) private readonly store: JobStore,
    private readonly sandbox: SandboxService,
    @Inject(SandboxProbe) private readonly probe: Pick<SandboxProbe, 'check'>,
    private readonly runner: JobRunner,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Optional() @Inject(JOB_OBSERVER) private readonly observer: JobObserver | null = null,
  ) {
    // Each job that runs listens to it; Node warns of more than ten.
    setMaxListeners(0, this.killing.signal, this.leaving.signal);
  }

  onApplicationBootstrap(): void {
    this.working = this.work();
  }

  /**
   * Takes no more jobs, and lets those that run end for at most `graceMs`, then kills them: they end as SANDBOX_UNAVAILABLE.
   * Settles when each has its end, or it cannot be stored soon after.
   */
  async drain(graceMs: number): Promise<void> {
    this.stopping.abort(new Error('the service shuts down'));
    const timers = [
      setTimeout(() => this.killing.abort(), graceMs),
      setTimeout(() => this.leaving.abort(), graceMs + LAST_ENDS_MS),
    ];
    await this.working;
    await Promise.all(this.running);
    timers.forEach(clearTimeout);
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const isTaken = await this.takeOne(signal).catch((error: unknown) => this.failed(error));
      if (isTaken) {
        this.pauseMs = 0;
      } else {
        await this.pause(signal);
      }
    }
  }

  /** Waits for a job, then for a place, then takes one. Returns false where another was faster. */
  private async takeOne(signal: AbortSignal): Promise<boolean> {
    await this.source.waiting(signal);
    if (!(await this.works())) {
      return false;
    }
    const place = await this.sandbox.reserve(signal, this.share);
    let job: TakenJob | null = null;
    try {
      job = await this.source.take();
    } finally {
      if (!job) {
        place.release();
      }
    }
    if (job) {
      this.recovered();
    }
    if (job && signal.aborted) {
      place.release();
      await job.giveBack();
    } else if (job) {
      this.follow(job, place);
    }
    return job !== null;
  }

  /** What waits keeps waiting, or others have it, while no script would run here: one that is taken would be lost. */
  private async works(): Promise<boolean> {
    this.isProved ||= (await this.probe.check()).working;
    return this.isProved;
  }

  /** A process that nobody calls gives jobs every place. */
  private get share(): PlacesOfJobs {
    return this.configuration.jobs.role === 'worker' ? 'all' : 'most';
  }

  private follow(job: TakenJob, place: ReservedPlace): void {
    const run = this.runner
      .run(job, place, { killing: this.killing.signal, leaving: this.leaving.signal })
      .then((status) => {
        // Its sandbox was lost, or never came up: it must show that it works before another is taken.
        this.isProved &&= status !== STATUSES.SANDBOX_UNAVAILABLE.http;
      })
      .catch((error: unknown) => {
        // Whoever finds it ends it, once its lease is over.
        this.logger.error({
          msg: 'the end of an execution is not stored',
          execution: { id: job.id },
          err: error,
        });
      })
      .then(() => this.observe(job.id))
      .finally(() => this.running.delete(run));
    this.running.add(run);
  }

  /** Tells what has become of it, by the clock of the store. */
  private async observe(id: string): Promise<void> {
    const { observer } = this;
    // It may have been forgotten by now, or the store may be gone: then it is missing in a graph.
    const record = observer && (await this.store.find(id).catch(() => null));
    if (record?.endedAt != null) {
      observer?.jobEnded(record.status);
      if (record.startedAt !== null) {
        observer?.jobBegun(record.startedAt - record.createdAt);
      }
    }
  }

  /** Told once, and again when it is over. */
  private failed(error: unknown): false {
    if (!this.stopping.signal.aborted && !this.isFailing) {
      this.isFailing = true;
      const why =
        error instanceof JobStoreUnavailable ? 'the queue does not answer' : 'an error of the service';
      this.logger.error({ msg: `no executions are taken: ${why}`, err: error });
    }
    return false;
  }

  private recovered(): void {
    if (this.isFailing) {
      this.isFailing = false;
      this.logger.log({ msg: 'executions are taken again' });
    }
  }

  private async pause(signal: AbortSignal): Promise<void> {
    const longest = this.isFailing || !this.isProved ? LONGEST_PAUSE_OF_FAILURES_MS : LONGEST_PAUSE_MS;
    this.pauseMs = Math.min(Math.max(FIRST_PAUSE_MS, 2 * this.pauseMs), longest);
    await delay(this.pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
