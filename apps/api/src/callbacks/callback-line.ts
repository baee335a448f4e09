import { createRequire } from 'node:module';
import { Logger } from '@nestjs/common';
import type { ConnectionOptions, Job, Queue, Worker } from 'bullmq';
import type { RedisOptions } from '../configuration/redis-options';
import { JobStoreUnavailable } from '../jobs/job-store';
import { reasonOf, toldReason } from '../redis/redis-client';
import { BullClients } from './bull-clients';
import type { Verdict } from './callback-attempts';
import { MOST_ATTEMPTS, retryDelayMs } from './retry-delay';

const QUEUE = 'pycell-callbacks';
const PREFIX = 'pycell:bull';
const AT_ONCE = 16;
/** A sender that dies while it sends: another one takes over what it had in hand after that. */
const LOCK_MS = 30_000;
/** So often that may happen to one callback before it starts anew. */
const MOST_STALLS = 3;
const STORE_GONE_WAIT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 500;
const SAME_FAULT_QUIET_MS = 60_000;
/** Their words come from Redis: no more of them are remembered. */
const MOST_FAULTS = 16;
const ID = /^[0-9a-f]{32}$/;

/** What is taken while the line stops: another sender has it, with as many attempts as before. */
const PUT_BACK: Verdict = { kind: 'postponed', waitMs: 0 };

/** An attempt failed, and is to be repeated. Its message is kept in Redis: it is a word. */
class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed';

  constructor(
    reason: string,
    readonly retryAfterMs: number | null,
  ) {
    super(reason);
  }
}

export interface LineOptions {
  readonly redis: RedisOptions;
  /** @param attempt from 1 */
  readonly make: (id: string, attempt: number) => Promise<Verdict>;
  /** Told of what `make` rejects with, but for JobStoreUnavailable: that is nobody's fault but ours. */
  readonly failed: (id: string, attempt: number, error: unknown) => void;
  readonly retryDelayMs?: typeof retryDelayMs;
  readonly lockMs?: number;
}

/**
 * The line in which callbacks wait for their next attempt: a queue of BullMQ with the ids of executions, and nothing else. What
 * is in it survives its senders; what it loses is added again by who knows what is pending.
 */
export class CallbackLine {
  private readonly logger = new Logger('Callbacks');
  private readonly queue: Queue;
  private readonly worker: Worker;
  private readonly delayed: new () => Error;
  private readonly clients: BullClients;
  private readonly inHand = new Set<Promise<void>>();
  private isStopping = false;
  /** When each fault was last said, by `performance.now()`. */
  private readonly saidAt = new Map<string, number>();

  /** Connects, and goes on trying where Redis is not there. */
  constructor(private readonly options: LineOptions) {
    // Not loaded where no callbacks are sent.
    const bull = createRequire(__filename)('bullmq') as typeof import('bullmq');
    this.delayed = bull.DelayedError;
    this.clients = new BullClients(options.redis);
    const connection = (waits: boolean) => this.clients.make(waits) as unknown as ConnectionOptions;
    const lockMs = options.lockMs ?? LOCK_MS;
    const delay = options.retryDelayMs ?? retryDelayMs;
    this.queue = new bull.Queue(QUEUE, {
      prefix: PREFIX,
      connection: connection(false),
      streams: { events: { maxLen: 100 } },
    });
    this.worker = new bull.Worker(QUEUE, (job, token) => this.hold(this.process(job, token ?? '')), {
      prefix: PREFIX,
      connection: connection(true),
      concurrency: AT_ONCE,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: MOST_STALLS,
      runRetryDelay: 1_000,
      settings: {
        backoffStrategy: (attempt, _type, error) =>
          delay(attempt, error instanceof AttemptFailed ? error.retryAfterMs : null),
      },
    });
    this.queue.on('error', (error) => this.note(error));
    this.worker.on('error', (error) => this.note(error));
  }

  /** Adds what is not in the line yet. Rejects where Redis is gone. */
  async add(ids: readonly string[]): Promise<void> {
    const opts = {
      attempts: MOST_ATTEMPTS,
      backoff: { type: 'custom' },
      removeOnComplete: true,
      removeOnFail: true,
      stackTraceLimit: 0,
    };
    await this.queue.addBulk(
      ids
        .filter((id) => ID.test(id))
        .map((id) => ({ name: 'callback', data: {}, opts: { ...opts, jobId: id } })),
    );
  }

  /** How many are in the line, those in hand too. Rejects where Redis is gone. */
  async length(): Promise<number> {
    const counts = await this.queue.getJobCounts('waiting', 'active', 'delayed');
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /**
   * Takes no more, puts back what comes all the same, and lets attempts end that are under way: for so long. No connection is
   * left then, Redis gone or not.
   */
  async stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    const closed = this.worker.close();
    await within(graceMs, this.empty());
    // BullMQ would wait here for a Redis that is gone.
    await within(CLOSE_TIMEOUT_MS, closed);
    // What did not end is over when its connection is.
    this.clients.end();
    await within(CLOSE_TIMEOUT_MS, closed);
  }

  /** Says in the log that something of Redis fails; the same thing not too often. */
  note(error: unknown): void {
    const reason = reasonOf(error);
    const now = performance.now();
    if (now - (this.saidAt.get(reason) ?? -Infinity) > SAME_FAULT_QUIET_MS) {
      if (this.saidAt.size >= MOST_FAULTS) {
        this.saidAt.clear();
      }
      this.saidAt.set(reason, now);
      this.logger.error(`Redis does not answer (${toldReason(reason)}): callbacks wait until it does`);
    }
  }

  private hold(attempt: Promise<void>): Promise<void> {
    this.inHand.add(attempt);
    const release = () => this.inHand.delete(attempt);
    attempt.then(release, release);
    return attempt;
  }

  private async empty(): Promise<void> {
    while (this.inHand.size > 0) {
      await Promise.allSettled(this.inHand);
    }
  }

  private async process(job: Job, token: string): Promise<void> {
    const verdict = this.isStopping ? PUT_BACK : await this.verdictOn(job);
    if (verdict.kind === 'again') {
      throw new AttemptFailed(verdict.reason, verdict.retryAfterMs);
    }
    if (verdict.kind === 'postponed') {
      // It counts as no attempt.
      await job.moveToDelayed(Date.now() + verdict.waitMs, token);
      throw new this.delayed();
    }
  }

  private async verdictOn({ id = '', attemptsMade }: Job): Promise<Verdict> {
    if (!ID.test(id)) {
      // Not of us.
      return { kind: 'settled' };
    }
    try {
      return await this.options.make(id, attemptsMade + 1);
    } catch (error) {
      if (error instanceof JobStoreUnavailable) {
        this.note(error);
        return { kind: 'postponed', waitMs: STORE_GONE_WAIT_MS };
      }
      // Its message may hold anything, and what an attempt failed with is kept in Redis.
      this.options.failed(id, attemptsMade + 1, error);
      return { kind: 'again', reason: 'internal', retryAfterMs: null };
    }
  }
}

/** Resolves when a promise is settled, or it takes too long. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const waited = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  // Redis went away meanwhile: that is an end, too.
  await Promise.race([promise.catch(() => undefined), waited]);
  clearTimeout(timer);
}
