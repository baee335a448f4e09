import { createRequire } from 'node:module';
import { Logger } from '@nestjs/common';
import type { ConnectionOptions, Job, Queue, Worker } from 'bullmq';
import { reasonOf } from '../../redis/redis-client';
import { isId, type Placed } from './redis-answers';
import type { RedisLink } from './redis-link';
import { LINE_NAME, LINE_PREFIX } from './scripts/prelude';

/** A lock in the line is as long as a lease, and is prolonged with it. */
export const LOCK_MS = 10_000;
const STALLED_INTERVAL_MS = 5_000;
/** So many entries that are none of ours are thrown out in one go. */
const MAX_STRANGERS = 20;
const ENTRY = 'execution';

/** One entry of the line, taken by a token. */
export interface TakenEntry {
  readonly id: string;
  readonly token: string;
  readonly entry: Job;
}

/**
 * The line in which ids wait: a BullMQ queue. Its entries carry nothing, and nothing of them is believed but the id. Nothing of it is
 * needed to be right: what is begun is decided in our own records, and what is missing here is added again.
 */
export class WaitingLine {
  private readonly logger = new Logger('Jobs');
  private readonly bullmq: typeof import('bullmq');
  private readonly queue: Queue;
  private puller: Worker | null = null;
  private problems = 0;

  constructor(private readonly link: RedisLink) {
    // Not loaded where there is no Redis, as its client.
    this.bullmq = createRequire(__filename)('bullmq') as typeof import('bullmq');
    this.queue = new this.bullmq.Queue(LINE_NAME, {
      ...this.options(),
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
      skipMetasUpdate: true,
    });
    this.queue.on('error', (error) => this.note(error));
  }

  /** Adds one; where it is there already nothing happens. */
  async add({ id, priority }: Placed): Promise<void> {
    await this.link.ask(() => this.queue.add(ENTRY, {}, { jobId: id, priority }));
  }

  /** Adds one, or puts it to its place where it is there at another. */
  async place({ id, priority }: Placed): Promise<void> {
    const entry = await this.link.ask(() => this.queue.getJob(id));
    if (!entry) {
      await this.add({ id, priority });
    } else if (entry.priority !== priority) {
      // One that was taken has no place any more.
      await this.link
        .ask(() => entry.changePriority({ priority }))
        .catch((error: unknown) => this.note(error));
    }
  }

  /** How many there are, which a worker could take. */
  async length(): Promise<number> {
    const { wait, prioritized } = this.queue.keys as Record<'wait' | 'prioritized', string>;
    const { client } = this.link;
    const [first, second] = await this.link.ask(() =>
      Promise.all([client.llen(wait), client.zcard(prioritized)]),
    );
    return first + second;
  }

  /** Takes the first by a token; null where there is none. Throws out what is none of ours. */
  async take(token: string): Promise<TakenEntry | null> {
    const puller = this.pullerOf();
    for (let strangers = 0; strangers < MAX_STRANGERS; strangers++) {
      const { problems } = this;
      const entry = await this.link
        .ask(() =>
          puller.getNextJob(token, { block: false }).catch((error: unknown) => this.unlessStrange(error)),
        )
        .then((job) => job ?? null);
      if (entry && isId(entry.id)) {
        return { id: entry.id, token, entry };
      }
      if (entry) {
        await this.end({ id: String(entry.id), token, entry });
      } else if (problems === this.problems || !(await this.throwOut(token))) {
        return null;
      }
    }
    return null;
  }

  /** Prolongs the lock of one that was taken. */
  async prolong({ id, token }: TakenEntry): Promise<void> {
    await this.link.ask(() => this.pullerOf().extendJobLocks([id], [token], LOCK_MS));
  }

  /** It is done with: there is no trace of it in the line any more. */
  async end({ id, token, entry }: TakenEntry): Promise<void> {
    // Whoever wrote an entry of his own would have it kept.
    entry.opts = { removeOnComplete: true };
    try {
      await this.link.ask(() => entry.moveToCompleted(null, token, false));
    } catch {
      // Its lock is over, or it is at the first of the line again: removed, or found to have ended by whoever takes it next.
      await this.remove(id);
    }
  }

  /** Has one wait again, as the first of its priority. */
  async putBack({ token, entry }: TakenEntry): Promise<void> {
    await this.link.ask(() => entry.moveToWait(token));
  }

  /** Takes one out that waits; leaves one that was taken. */
  async remove(id: string): Promise<void> {
    await this.link.ask(() => this.queue.remove(id)).catch((error: unknown) => this.note(error));
  }

  async stop(): Promise<void> {
    await this.puller?.close().catch((error: unknown) => this.note(error));
    await this.queue.close().catch((error: unknown) => this.note(error));
  }

  private options() {
    return {
      connection: this.link.client as unknown as ConnectionOptions,
      prefix: LINE_PREFIX,
      skipVersionCheck: true,
      skipWaitingForReady: true,
    };
  }

  private pullerOf(): Worker {
    if (!this.puller) {
      const { createRedisBackend, Worker } = this.bullmq;
      this.puller = new Worker(
        LINE_NAME,
        null,
        {
          ...this.options(),
          autorun: false,
          lockDuration: LOCK_MS,
          skipLockRenewal: true,
          stalledInterval: STALLED_INTERVAL_MS,
          // What somebody has taken and not begun waits again; whether it may be begun is not decided here.
          maxStalledCount: 0,
        },
        // Without the connection that a worker of its own would block on.
        (name, options) => createRedisBackend(name, options),
      );
      this.puller.on('error', (error) => this.note(error));
      void this.puller.startStalledCheckTimer();
    }
    return this.puller;
  }

  /** Errors of the connection go on; what BullMQ cannot read in an entry is for \`throwOut\`. */
  private unlessStrange(error: unknown): undefined {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      this.note(error);
      return undefined;
    }
    throw error;
  }

  /** Removes what was taken by a token and could not be read. False where there is no such thing. */
  private async throwOut(token: string): Promise<boolean> {
    const { client } = this.link;
    const ids = await this.link.ask(() => client.lrange(this.queue.toKey('active'), 0, 9));
    for (const id of ids) {
      const lock = `${this.queue.toKey(id)}:lock`;
      if ((await this.link.ask(() => client.get(lock))) === token) {
        await this.link.ask(() => client.del(lock));
        await this.remove(id);
        return true;
      }
    }
    return false;
  }

  private note(error: unknown): void {
    this.problems++;
    // What is gone is told of by the connection. Messages hold what was sent.
    this.logger.debug(`The line of executions had a problem (${reasonOf(error)})`);
  }
}
