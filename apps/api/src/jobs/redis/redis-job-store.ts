import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisOptions } from '../../configuration/redis-options';
import type { Acceptance, JobEvent, JobOutcome, JobRecord, NewJob } from '../job';
import type { CallbackSource, JobCounts, JobSource, JobStore, PendingCallback, TakenJob } from '../job-store';
import { JobScripts } from './job-scripts';
import { JobWatches } from './job-watches';
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
import { WaitingLine } from './waiting-line';

/** What is asked again after a lost answer is asked so long: a client waits for it. */
const ASK_FOR_MS = 300;
/** Who waits looks by itself so often, should it not hear that something waits. */
const LOOK_INTERVAL_MS = 1_000;
const PAGE_BYTES = 1024 * 1024;
const MAX_OUTCOME_FIELDS = 2_200;
/** Told where nobody knows how fast the line moves. */
const DEFAULT_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 60;

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
  private readonly sweeper: Sweeper;
  private readonly taken = new Map<TakenRedisJob, () => void>();
  private renewals: NodeJS.Timeout | null = null;
  /** How often something had been said to wait when there was nothing to take. */
  private emptyAt = -1;

  constructor(private readonly options: RedisJobStoreOptions) {
    this.ttlMs = options.ttlSeconds * 1000;
    this.maxKeptBytes = options.maxKeptBytes;
    this.maxEventBytes = options.maxEventBytes;
    this.link = new RedisLink(options.redis);
    this.scripts = new JobScripts(this.link.client);
    this.line = new WaitingLine(this.link);
    this.watches = new JobWatches(this.link);
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
    const { owner, key, maxPlaces, body, idempotencyKey, callbackUrl } = job;
    const { maxWaiting, maxWaitingBytes } = this.options;
    const id = randomBytes(16).toString('hex');
    const home = sha256(owner);
    const name = idempotencyKey === null ? '' : sha256(`${home}${idempotencyKey}`);
    const answer = await this.link.insist(
      () =>
        this.scripts.run(
          'accept',
          id,
          owner,
          home,
          key ?? '',
          maxPlaces ?? '',
          body,
          callbackUrl ?? '',
          name,
          name === '' ? '' : sha256(body),
          maxWaiting,
          maxWaitingBytes,
        ),
      ASK_FOR_MS,
      body.length,
    );
    return this.readAcceptance(answer);
  }

  async find(id: string): Promise<JobRecord | null> {
    if (!isId(id)) {
      return null;
    }
    const answer = await this.link.insist(() => this.scripts.run('find', id), ASK_FOR_MS);
    return answer === null ? null : recordOf(answer);
  }

  async outcomeOf(id: string): Promise<JobOutcome | null> {
    if (!isId(id)) {
      return null;
    }
    const { maxOutcomeBytes } = this.options;
    const answer = await this.link.insist(
      () => this.scripts.runForBytes('outcome', id, maxOutcomeBytes, MAX_OUTCOME_FIELDS),
      ASK_FOR_MS,
      maxOutcomeBytes,
    );
    if (answer === null) {
      return null;
    }
    const [http, fields] = listOf(answer);
    return (Array.isArray(fields) && (await readOutcome(http, fields))) || LOST_OUTCOME;
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

  async waiting(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const woken = new Promise<void>((resolve) => this.watches.onWake(resolve));
      // After a look in vain the line is not asked again at once: it may hold something that nobody may take.
      if (this.emptyAt !== this.watches.wakesSoFar && (await this.line.length().catch(() => 0)) > 0) {
        return;
      }
      const look = new AbortController();
      const isWoken = await Promise.race([
        woken.then(() => true),
        sleep(LOOK_INTERVAL_MS, false, { signal: AbortSignal.any([signal, look.signal]) }).catch(() => false),
      ]);
      look.abort();
      this.emptyAt = -1;
      signal.throwIfAborted();
      if (isWoken && this.isThere) {
        return;
      }
    }
  }

  async take(): Promise<TakenJob | null> {
    for (;;) {
      const { wakesSoFar } = this.watches;
      const entry = await this.line.take(randomUUID());
      if (!entry) {
        this.emptyAt = wakesSoFar;
        return null;
      }
      const { maxBodyBytes } = this.options;
      const answer = await this.link.insist(
        () => this.scripts.runForBytes('load', entry.id, maxBodyBytes),
        ASK_FOR_MS,
        maxBodyBytes,
      );
      if (answer === null) {
        // It has ended, or was never ours.
        await this.line.end(entry);
        continue;
      }
      const [owner, key, body] = listOf(answer, 3);
      const keyName = textOf(String(key));
      const job = new TakenRedisJob(
        this,
        entry,
        textOf(String(owner)),
        keyName === '' ? null : keyName,
        // Without a body it is a request that nobody can read, and fails as such.
        Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      );
      const endWatch = this.watches.watch(job.id, (hasEnded) => hasEnded && void this.renew(job));
      this.taken.set(job, endWatch);
      return job;
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

  private async readAcceptance(answer: unknown): Promise<Acceptance> {
    const [kind, second, third, fourth] = listOf(answer);
    switch (kind) {
      case 'accepted':
        await this.admit(placedOf(third, MAX_PRIORITY));
        return { kind, record: recordOf(second) };
      case 'repeated':
        return { kind, record: recordOf(second) };
      case 'conflict':
        return { kind };
      default:
        return {
          kind: 'full',
          own: wholeOf(second, 1) === 1,
          retryAfterSeconds: retryAfter(wholeOf(third), wholeOf(fourth)),
        };
    }
  }

  private async renewAll(): Promise<void> {
    await Promise.all([...this.taken.keys()].map((job) => this.renew(job)));
  }

  private async renew(job: TakenRedisJob): Promise<void> {
    // While Redis is gone nothing can be renewed; when it is back all leases are.
    await job.renew().catch(() => undefined);
  }
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** After about so long a tenth of what waits has begun. `pace`: so many were begun in 1,000 s. */
function retryAfter(waiting: number, pace: number): number {
  const seconds = pace === 0 ? DEFAULT_RETRY_SECONDS : Math.ceil(((waiting / 10 + 1) * 1_000) / pace);
  return Math.min(Math.max(1, seconds), MAX_RETRY_SECONDS);
}
