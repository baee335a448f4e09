import { randomBytes, randomUUID } from 'node:crypto';
import type { RedisOptions } from '../../configuration/redis-options';
import type { Acceptance, JobOutcome, JobRecord, NewJob } from '../job';
import {
  type CallbackSource,
  type EventPage,
  type JobCounts,
  type JobExtent,
  type JobSource,
  type JobStore,
  NO_EVENTS,
  type PendingCallback,
  type TakenJob,
} from '../job-store';
import { acceptArguments, readAcceptance } from './acceptance';
import { JobScripts } from './job-scripts';
import { JobWatches } from './job-watches';
import { LargeReads } from './large-reads';
import { LineWait } from './line-wait';
import {
  idOf,
  isId,
  listOf,
  MAX_NAME_LENGTH,
  pendingOf,
  type Placed,
  placedOf,
  readableOf,
  recordOf,
  textOf,
  wholeOf,
} from './redis-answers';
import { checkRedis } from './redis-check';
import { RedisLink } from './redis-link';
import { KEYS, MAX_PRIORITY } from './scripts/prelude';
import { Sweeper } from './sweeper';
import { RENEW_INTERVAL_MS, type TakenFrom, TakenRedisJob } from './taken-redis-job';
import { type TakenEntry, WaitingLine } from './waiting-line';

/** What is asked again after a lost answer is asked so long: a client waits for it. */
const ASK_FOR_MS = 300;

export interface RedisJobStoreOptions {
  readonly redis: RedisOptions;
  readonly ttlSeconds: number;
  readonly maxWaiting: number;
  readonly maxWaitingBytes: number;
  readonly maxKeptBytes: number;
  /** The largest body of a request. */
  readonly maxBodyBytes: number;
  /** The most that the events of one execution hold, and what its outcome does. */
  readonly maxEventBytes: number;
  readonly maxOutcomeBytes: number;
}

/**
 * Keeps executions in Redis, for all processes that share it. Each change is one script (`scripts/`); a BullMQ queue is the
 * line in which ids wait. Nothing that Redis answers is believed: what is none of ours is JobStoreUnavailable, or an execution that failed.
 */
export class RedisJobStore implements JobStore, JobSource, CallbackSource, TakenFrom {
  readonly link: RedisLink;
  readonly scripts: JobScripts;
  readonly line: WaitingLine;
  readonly ttlMs: number;
  readonly maxKeptBytes: number;
  readonly maxEventBytes: number;
  private readonly reads: LargeReads;
  private readonly watches: JobWatches;
  private readonly wait: LineWait;
  private readonly sweeper: Sweeper;
  private readonly taken = new Map<TakenRedisJob, () => void>();
  private renewals: NodeJS.Timeout | null = null;

  constructor(private readonly options: RedisJobStoreOptions) {
    this.ttlMs = options.ttlSeconds * 1000;
    this.maxKeptBytes = options.maxKeptBytes;
    this.maxEventBytes = options.maxEventBytes;
    this.link = new RedisLink(options.redis);
    this.scripts = new JobScripts(this.link.client);
    this.reads = new LargeReads(this.link, this.scripts, options.maxOutcomeBytes);
    this.line = new WaitingLine(this.link);
    this.watches = new JobWatches(this.link);
    this.wait = new LineWait(this.line, this.watches);
    this.sweeper = new Sweeper(this.link, this.scripts, this, (placed) => this.admit(placed, true));
    this.link.onBack(() => {
      // First: a Redis that has come back as it was before hears what has begun before anybody takes it.
      void this.renewAll();
      this.watches.callAll();
    });
  }

  async start(): Promise<void> {
    await this.link.start();
    this.watches.start();
    this.sweeper.start();
    this.renewals = setInterval(() => void this.renewAll(), RENEW_INTERVAL_MS).unref();
    if (this.isThere) {
      await checkRedis(this.link);
    }
  }

  async stop(): Promise<void> {
    this.sweeper.stop();
    this.watches.stop();
    if (this.renewals) {
      clearInterval(this.renewals);
    }
    await this.line.stop();
    this.link.stop();
  }

  get isThere(): boolean {
    return this.link.isThere;
  }

  get isFull(): boolean {
    return this.link.isFull;
  }

  async accept(job: NewJob): Promise<Acceptance> {
    const args = acceptArguments(randomBytes(16).toString('hex'), job, this.options);
    const answer = await this.link.insist(
      () => this.scripts.run('accept', ...args),
      ASK_FOR_MS,
      job.body.length + Buffer.byteLength(job.note ?? ''),
    );
    const [acceptance, placed] = readAcceptance(answer);
    await this.admit(placed);
    return acceptance;
  }

  async find(id: string): Promise<JobRecord | null> {
    if (!isId(id)) {
      return null;
    }
    const answer = await this.link.insist(() => this.scripts.run('find', id), ASK_FOR_MS);
    return answer === null ? null : recordOf(answer);
  }

  outcomeOf(id: string): Promise<JobOutcome | null>;
  outcomeOf(id: string, maxBytes: number): Promise<JobOutcome | 'too large' | null>;
  async outcomeOf(id: string, maxBytes?: number): Promise<JobOutcome | 'too large' | null> {
    if (!isId(id)) {
      return null;
    }
    return maxBytes === undefined ? this.reads.outcomeOf(id) : this.reads.outcomeWithin(id, maxBytes);
  }

  eventsAfter(id: string, after: number, maxBytes: number, owner = id): Promise<EventPage> {
    return isId(id) ? this.reads.eventsAfter(id, after, maxBytes, owner) : Promise.resolve(NO_EVENTS);
  }

  noteOf(id: string): Promise<string | null> {
    return isId(id) ? this.reads.noteOf(id) : Promise.resolve(null);
  }

  extentOf(id: string): Promise<JobExtent | null> {
    return isId(id) ? this.reads.extentOf(id) : Promise.resolve(null);
  }

  async cancel(id: string): Promise<JobRecord | null> {
    if (!isId(id)) {
      return null;
    }
    const call = () => this.scripts.run('cancel', id, this.ttlMs, this.maxKeptBytes);
    const answer = await this.link.insist(call, ASK_FOR_MS);
    if (answer === null) {
      return null;
    }
    const [record, waited, placed] = listOf(answer, 3);
    if (waited === 1) {
      await this.line.remove(id);
    }
    await this.admit(placedOf(placed, MAX_PRIORITY));
    return recordOf(record);
  }

  watch(id: string, onChange: () => void): () => void {
    return this.watches.watch(id, onChange);
  }

  async counts(): Promise<JobCounts> {
    const answer = await this.link.insist(() => this.scripts.run('counts'), ASK_FOR_MS);
    const [waiting, running, waitingBytes, keptBytes] = listOf(answer, 4);
    return {
      waiting: wholeOf(waiting),
      running: wholeOf(running),
      waitingBytes: wholeOf(waitingBytes),
      keptBytes: wholeOf(keptBytes),
    };
  }

  waiting(signal: AbortSignal): Promise<void> {
    return this.wait.until(signal);
  }

  async take(): Promise<TakenJob | null> {
    for (;;) {
      const { mark } = this.wait;
      const entry = this.link.isJustBack ? null : await this.line.take(randomUUID());
      if (!entry) {
        this.wait.foundNothing(mark);
        return null;
      }
      const job = await this.load(entry);
      if (job) {
        const endWatch = this.watches.watch(job.id, (hasEnded) => hasEnded && void this.renew(job));
        this.taken.set(job, endWatch);
        return job;
      }
      // It has ended, or was never ours.
      await this.line.end(entry);
    }
  }

  async pending(limit: number, after: PendingCallback | null): Promise<readonly PendingCallback[]> {
    const from = after ? [after.endedAt, after.id] : ['', ''];
    const call = () => this.scripts.run('pending', limit, ...from, MAX_NAME_LENGTH);
    return readableOf(listOf(await this.link.insist(call, ASK_FOR_MS)), pendingOf);
  }

  async findPending(id: string): Promise<PendingCallback | null> {
    if (!isId(id)) {
      return null;
    }
    const answer = await this.link.insist(() => this.scripts.run('findPending', id), ASK_FOR_MS);
    return answer === null ? null : pendingOf(answer);
  }

  async settled(id: string): Promise<void> {
    await this.link.insist(() => this.scripts.run('settled', idOf(id)), ASK_FOR_MS);
  }

  /** What cannot be added now is added by a sweep. */
  async admit(placed: readonly Placed[], mayBeThere = false): Promise<void> {
    for (const entry of placed) {
      try {
        await (mayBeThere ? this.line.place(entry) : this.line.add(entry));
        await this.link.ask(() => this.link.client.publish(KEYS.wake, ''));
      } catch {
        return;
      }
    }
  }

  released(job: TakenRedisJob): void {
    this.taken.get(job)?.();
    this.taken.delete(job);
  }

  private async load(entry: TakenEntry): Promise<TakenRedisJob | null> {
    const { maxBodyBytes } = this.options;
    const answer = await this.link.insist(
      () => this.scripts.runForBytes('load', entry.id, maxBodyBytes, MAX_NAME_LENGTH),
      ASK_FOR_MS,
      maxBodyBytes,
    );
    if (answer === null) {
      return null;
    }
    const [owner, key, body] = listOf(answer, 3);
    const keyName = textOf(String(key));
    // Without a body it is a request that nobody can read, and fails as such.
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    return new TakenRedisJob(this, entry, textOf(String(owner)), keyName === '' ? null : keyName, bytes);
  }

  private async renewAll(): Promise<void> {
    await Promise.all([...this.taken.keys()].map((job) => this.renew(job)));
  }

  private async renew(job: TakenRedisJob): Promise<void> {
    // While Redis is gone nothing can be renewed; when it is back all leases are.
    await job.renew().catch(() => undefined);
  }
}
