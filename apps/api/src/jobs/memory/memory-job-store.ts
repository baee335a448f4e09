import { randomBytes } from 'node:crypto';
import { ExecutionCancelled } from '@pycell/sandbox';
import type { JobsOptions } from '../../configuration/jobs-options';
import type { Acceptance, JobOutcome, JobRecord, NewJob } from '../job';
import {
  type EventPage,
  type JobCounts,
  type JobExtent,
  type JobSource,
  type JobStore,
  NO_EVENTS,
  type TakenJob,
} from '../job-store';
import { FairLine } from './fair-line';
import { KeptJobs } from './kept-jobs';
import { JobOwner, MemoryJob, noteBytes } from './memory-job';
import { digestOf, repetitionOf, Repetitions } from './repetitions';

/** Without a measure of how long jobs take: a place in the line comes free when one begins. */
const RETRY_AFTER_SECONDS = 5;

export type MemoryJobStoreOptions = Pick<
  JobsOptions,
  'ttlSeconds' | 'maxWaiting' | 'maxWaitingBytes' | 'maxKeptBytes'
>;

/** Keeps jobs in the memory of this process, and gives them out in it. All are lost when it ends. */
export class MemoryJobStore implements JobStore, JobSource {
  readonly isThere = true;
  private readonly jobs = new Map<string, MemoryJob>();
  private readonly owners = new Map<string, JobOwner>();
  private readonly line = new FairLine<JobOwner>();
  private readonly repetitions = new Repetitions();
  private readonly kept: KeptJobs;
  /** Those who wait until there is a job to take. */
  private readonly takers = new Set<() => void>();
  private queued = 0;
  private queuedBytes = 0;
  private running = 0;

  constructor(private readonly options: MemoryJobStoreOptions) {
    this.kept = new KeptJobs(options, (job) => this.forget(job));
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.kept.stop();
    this.jobs.forEach((job) => job.events.close());
    return Promise.resolve();
  }

  async accept(job: NewJob): Promise<Acceptance> {
    const { owner: ownerId, idempotencyKey, body, note = null } = job;
    const repetition = idempotencyKey === null ? null : repetitionOf(ownerId, idempotencyKey);
    // From here on nothing is waited for: two repetitions at once are accepted once.
    const digest = repetition === null ? '' : await digestOf(body);
    const first = repetition === null ? null : this.repetitions.find(repetition);
    const known = first && this.alive(first.id);
    if (first && known) {
      return first.body === digest ? { kind: 'repeated', record: known.record } : { kind: 'conflict' };
    }
    const owner = this.owners.get(ownerId) ?? new JobOwner(ownerId);
    const full = this.fullFor(owner, body.length + noteBytes(note));
    if (full) {
      return full;
    }
    this.owners.set(ownerId, owner);
    owner.maxPlaces = job.maxPlaces;
    const id = randomBytes(16).toString('hex');
    const accepted = new MemoryJob(id, owner, job.key, body, repetition, note);
    this.jobs.set(id, accepted);
    if (repetition !== null) {
      this.repetitions.remember(repetition, { id, body: digest });
    }
    this.countQueued(accepted, 1);
    owner.line.push(accepted);
    this.updateLine(owner);
    return { kind: 'accepted', record: accepted.record };
  }

  find(id: string): Promise<JobRecord | null> {
    return Promise.resolve(this.alive(id)?.record ?? null);
  }

  outcomeOf(id: string): Promise<JobOutcome | null> {
    return Promise.resolve(this.alive(id)?.outcome ?? null);
  }

  noteOf(id: string): Promise<string | null> {
    return Promise.resolve(this.alive(id)?.note ?? null);
  }

  eventsAfter(id: string, after: number, maxBytes: number): Promise<EventPage> {
    return Promise.resolve(this.alive(id)?.events.after(after, maxBytes) ?? NO_EVENTS);
  }

  extentOf(id: string): Promise<JobExtent | null> {
    const job = this.alive(id);
    return Promise.resolve(job && { told: job.events.count, artifacts: job.outcome?.artifacts.length ?? 0 });
  }

  cancel(id: string): Promise<JobRecord | null> {
    const job = this.alive(id);
    if (job && !job.hasEnded) {
      this.settle(job, 'cancelled', null);
      job.ending.abort(new ExecutionCancelled());
    }
    return Promise.resolve(job?.record ?? null);
  }

  watch(id: string, onChange: () => void): () => void {
    const watchers = this.jobs.get(id)?.watchers;
    // One who watches twice is told twice, and ends each on its own.
    const watcher = (): void => onChange();
    watchers?.add(watcher);
    return () => watchers?.delete(watcher);
  }

  counts(): Promise<JobCounts> {
    return Promise.resolve({
      waiting: this.queued,
      running: this.running,
      waitingBytes: this.queuedBytes,
      keptBytes: this.kept.bytes,
    });
  }

  waiting(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason as Error);
        return;
      }
      if (!this.line.isEmpty) {
        resolve();
        return;
      }
      const end = (): void => {
        this.takers.delete(tell);
        signal.removeEventListener('abort', abort);
      };
      const tell = (): void => {
        end();
        resolve();
      };
      const abort = (): void => {
        end();
        reject(signal.reason as Error);
      };
      this.takers.add(tell);
      signal.addEventListener('abort', abort);
    });
  }

  take(): Promise<TakenJob | null> {
    const owner = this.line.next();
    const job = owner?.line.shift();
    if (!owner || !job?.body) {
      return Promise.resolve(null);
    }
    job.isTaken = true;
    owner.taken++;
    this.line.update(owner);
    return Promise.resolve(this.takenOf(job, job.body));
  }

  private takenOf(job: MemoryJob, body: Buffer): TakenJob {
    const { id, owner, key } = job;
    return {
      id,
      owner: owner.id,
      key,
      body,
      ended: job.ending.signal,
      begin: () => Promise.resolve(this.begin(job)),
      giveBack: () => {
        this.giveBack(job);
        return Promise.resolve();
      },
      tell: (event) => {
        if (!job.hasEnded) {
          job.events.tell(event);
        }
      },
      end: (outcome) => Promise.resolve(this.end(job, outcome)),
    };
  }

  private begin(job: MemoryJob): boolean {
    if (job.status !== 'queued') {
      return false;
    }
    this.countQueued(job, -1);
    this.running++;
    job.status = 'running';
    job.startedAt = Date.now();
    job.body = null;
    job.tellWatchers();
    return true;
  }

  private giveBack(job: MemoryJob): void {
    if (job.status === 'queued' && job.isTaken) {
      const { owner } = job;
      job.isTaken = false;
      owner.taken--;
      owner.line.unshift(job);
      this.line.undo(owner);
      this.updateLine(owner);
    }
  }

  private end(job: MemoryJob, outcome: JobOutcome): boolean {
    if (job.hasEnded) {
      return false;
    }
    this.settle(job, outcome.httpStatus === 200 ? 'succeeded' : 'failed', outcome);
    return true;
  }

  /** The one way in which jobs end. */
  private settle(
    job: MemoryJob,
    status: 'succeeded' | 'failed' | 'cancelled',
    outcome: JobOutcome | null,
  ): void {
    const { owner } = job;
    if (job.status === 'running') {
      this.running--;
    } else {
      this.countQueued(job, -1);
    }
    if (job.isTaken) {
      owner.taken--;
    } else {
      owner.line.splice(owner.line.indexOf(job), 1);
    }
    job.isTaken = false;
    job.body = null;
    job.status = status;
    job.outcome = outcome;
    job.endedAt = Date.now();
    job.expiresAt = job.endedAt + this.options.ttlSeconds * 1_000;
    job.events.show();
    this.updateLine(owner);
    this.kept.add(job);
    job.tellWatchers();
  }

  /** Returns a job that is not forgotten, nor to be by now. */
  private alive(id: string): MemoryJob | null {
    const job = this.jobs.get(id) ?? null;
    if (job?.expiresAt != null && job.expiresAt <= Date.now()) {
      this.kept.remove(job);
      return null;
    }
    return job;
  }

  private fullFor(owner: JobOwner, bytes: number): Extract<Acceptance, { kind: 'full' }> | null {
    const { maxWaiting, maxWaitingBytes } = this.options;
    const isFull = this.queued >= maxWaiting || this.queuedBytes + bytes > maxWaitingBytes;
    // One of its own everybody may have: half of the room for one is none.
    const isShareFull =
      owner.queued >= Math.max(1, Math.floor(maxWaiting / 2)) ||
      (owner.queued > 0 && owner.queuedBytes + bytes > maxWaitingBytes / 2);
    return isFull || isShareFull
      ? { kind: 'full', retryAfterSeconds: RETRY_AFTER_SECONDS, own: isShareFull }
      : null;
  }

  private countQueued({ owner, waitingBytes }: MemoryJob, by: 1 | -1): void {
    const bytes = by * waitingBytes;
    this.queued += by;
    this.queuedBytes += bytes;
    owner.queued += by;
    owner.queuedBytes += bytes;
  }

  private updateLine(owner: JobOwner): void {
    this.line.update(owner);
    if (!this.line.isEmpty) {
      this.takers.forEach((tell) => tell());
    }
  }

  private forget(job: MemoryJob): void {
    const { owner } = job;
    this.jobs.delete(job.id);
    this.repetitions.forget(job.repetition);
    job.events.close();
    job.tellWatchers();
    if (owner.isIdle) {
      this.owners.delete(owner.id);
    }
  }
}
