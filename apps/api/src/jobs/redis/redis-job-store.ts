import { randomBytes, randomUUID } from 'node:crypto';
import type { RedisOptions } from '../../configuration/redis-options';
import type { Acceptance, JobEvent, JobOutcome, JobRecord, NewJob } from '../job';
import type { CallbackSource, JobCounts, JobSource, JobStore, PendingCallback, TakenJob } from '../job-store';
import { acceptArguments, readAcceptance } from './acceptance';
import { JobScripts } from './job-scripts';
import { JobWatches } from './job-watches';
import { LineWait } from './line-wait';
import {
  idOf,
  isId,
  listOf,
  pendingOf,
  type Placed,
  placedOf,
  readEvent,
  recordOf,
  textOf,
  wholeOf,
} from './redis-answers';
import { checkRedis } from './redis-check';
import { RedisLink } from './redis-link';
import { KEYS, MAX_PRIORITY } from './scripts/prelude';
import { LOST_OUTCOME, readOutcome } from './stored-outcome';
import { Sweeper } from './sweeper';
import { RENEW_INTERVAL_MS, type TakenFrom, TakenRedisJob } from './taken-redis-job';
import { type TakenEntry, WaitingLine } from './waiting-line';

/** What is asked again after a lost answer is asked so long: a client waits for it. */
const ASK_FOR_MS = 300;
const PAGE_BYTES = 1024 * 1024;
const MAX_OUTCOME_FIELDS = 2_200;

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
    this.line = new WaitingLine(this.link);
    this.watches = new JobWatches(this.link);
    this.wait = new LineWait(this.line, this.watches);
    this.sweeper = new Sweeper(this.link, this.scripts, this, (placed) => this.admit(placed, true));
    this.link.onBack(() => {
      this.watches.callAll();
      void this.renewAll();
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

  async accept(job: NewJob): Promise<Acceptance> {
    const args = acceptArguments(randomBytes(16).toString('hex'), job, this.options);
    const answer = await this.link.insist(
      () => this.scripts.run('accept', ...args),
      ASK_FOR_MS,
      job.body.length,
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
    const most = maxBytes ?? this.options.maxOutcomeBytes;
    const answer = await this.link.insist(
      () => this.scripts.runForBytes('outcome', id, most, MAX_OUTCOME_FIELDS),
      ASK_FOR_MS,
      most,
    );
    if (answer === null) {
      return null;
    }
    const [http, fields] = listOf(answer);
    if (fields === undefined && maxBytes !== undefined) {
      return 'too large';
    }
    const outcome = Array.isArray(fields) ? await readOutcome(http, fields) : null;
    return outcome ?? LOST_OUTCOME;
  }

  async eventsAfter(id: string, after: number): Promise<readonly JobEvent[]> {
    const events: JobEvent[] = [];
    if (!isId(id)) {
      return events;
    }
    for (let bytes = 0; bytes <= 2 * this.maxEventBytes + PAGE_BYTES;) {
      const from = Math.max(0, after) + events.length;
      const answer = await this.link.insist(
        () => this.scripts.run('events', id, from, PAGE_BYTES),
        ASK_FOR_MS,
        PAGE_BYTES,
      );
      const page = listOf(answer);
      if (page.length === 0) {
        break;
      }
      for (const text of page) {
        events.push(readEvent(text));
        bytes += String(text).length + 1;
      }
    }
    return events;
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
      const entry = await this.line.take(randomUUID());
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
    const answer = await this.link.insist(() => this.scripts.run('pending', limit, ...from), ASK_FOR_MS);
    return listOf(answer).map(pendingOf);
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
      () => this.scripts.runForBytes('load', entry.id, maxBodyBytes),
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
