import { setTimeout as sleep } from 'node:timers/promises';
import type { JobEvent, JobOutcome } from '../job';
import { JobStoreUnavailable, type TakenJob } from '../job-store';
import type { JobScripts } from './job-scripts';
import { listOf, type Placed, placedOf } from './redis-answers';
import type { RedisLink } from './redis-link';
import { MAX_PRIORITY } from './scripts/prelude';
import { writeOutcome } from './stored-outcome';
import { ToldEvents } from './told-events';
import type { TakenEntry, WaitingLine } from './waiting-line';

/** Its lease is so long by Redis's clock, and renewed so often. */
export const LEASE_MS = 10_000;
export const RENEW_INTERVAL_MS = 2_000;
/** A hand-over waits no longer to be sure. */
const BEGIN_FOR_MS = 4_000;
/** An end is tried for so long. */
const END_FOR_MS = 60_000;
const FLUSH_PAUSE_MS = 250;

/** What a taken job needs of its store. */
export interface TakenFrom {
  readonly link: RedisLink;
  readonly scripts: JobScripts;
  readonly line: WaitingLine;
  readonly ttlMs: number;
  readonly maxKeptBytes: number;
  readonly maxEventBytes: number;
  /** Lets others of the owner into the line. */
  admit(placed: readonly Placed[]): Promise<void>;
  /** It is held no more. */
  released(job: TakenRedisJob): void;
}

/** A job that was taken from the line by an attempt, which is the token of its lock there and of its lease. */
export class TakenRedisJob implements TakenJob {
  private readonly abort = new AbortController();
  private readonly events: ToldEvents;
  private state: 'taken' | 'beginning' | 'begun' | 'ending' | 'over' = 'taken';
  /** By `performance.now()`; null before it has begun. */
  private begunAt: number | null = null;

  constructor(
    private readonly from: TakenFrom,
    private readonly entry: TakenEntry,
    readonly owner: string,
    readonly key: string | null,
    readonly body: Buffer,
  ) {
    this.events = new ToldEvents((first, events) => this.storeEvents(first, events), from.maxEventBytes);
  }

  get id(): string {
    return this.entry.id;
  }

  get ended(): AbortSignal {
    return this.abort.signal;
  }

  async begin(): Promise<boolean> {
    if (this.state !== 'taken') {
      return false;
    }
    const { link, scripts } = this.from;
    this.state = 'beginning';
    const answer = await link.insist(
      () => scripts.run('begin', this.id, this.entry.token, LEASE_MS),
      BEGIN_FOR_MS,
    );
    if (answer !== 1) {
      this.close();
      await this.leaveLine();
      return false;
    }
    this.state = 'begun';
    this.begunAt = performance.now();
    return true;
  }

  async giveBack(): Promise<void> {
    if (this.state === 'taken') {
      this.close();
      await this.from.line.putBack(this.entry);
    }
  }

  tell(event: JobEvent): void {
    if (this.state === 'begun') {
      this.events.tell(event);
    }
  }

  async end(outcome: JobOutcome, hurry?: AbortSignal): Promise<boolean> {
    if (this.state === 'ending' || this.state === 'over') {
      return false;
    }
    this.state = 'ending';
    const latest = performance.now() + END_FOR_MS;
    try {
      await this.flushUntil(latest, hurry);
      const [hasEnded, placed] = listOf(await this.store(outcome, latest, hurry), 2);
      await this.leaveLine();
      await this.from.admit(placedOf(placed, MAX_PRIORITY));
      return hasEnded === 1;
    } finally {
      this.close();
    }
  }

  /**
   * Prolongs lease and lock, and looks whether it has ended otherwise. Where Redis has come back as it was before this began, it
   * takes it out of the line again.
   */
  async renew(): Promise<void> {
    const { link, scripts, line } = this.from;
    const { id, begunAt } = this;
    const begun = begunAt === null ? '' : Math.round(performance.now() - begunAt);
    const state = await link.ask(() => scripts.run('renew', id, this.entry.token, LEASE_MS, begun));
    if (this.state === 'over') {
      return;
    }
    if (state === 'back') {
      await line.remove(id);
    }
    if (state === 'mine' || state === 'back' || state === 'queued') {
      await line.prolong(this.entry);
      await this.events.flush();
    } else if (state === 'gone') {
      this.close();
      this.abort.abort(new JobStoreUnavailable('It has ended otherwise'));
      await line.end(this.entry);
    }
  }

  /** What is left there is found to have ended by whoever takes it next. */
  private async leaveLine(): Promise<void> {
    await this.from.line.end(this.entry).catch(() => undefined);
  }

  private close(): void {
    this.state = 'over';
    this.events.stop();
    this.from.released(this);
  }

  private async flushUntil(latest: number, hurry?: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.events.flush();
        return;
      } catch (error) {
        if (performance.now() > latest || hurry?.aborted) {
          throw error;
        }
        await sleep(FLUSH_PAUSE_MS);
      }
    }
  }

  private store(outcome: JobOutcome, latest: number, hurry?: AbortSignal): Promise<unknown> {
    const { link, scripts, ttlMs, maxKeptBytes } = this.from;
    const parts = writeOutcome(outcome);
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const status = outcome.result ? 'succeeded' : 'failed';
    const { token } = this.entry;
    return link.insist(
      () => scripts.run('end', this.id, token, status, outcome.httpStatus, ttlMs, maxKeptBytes, ...parts),
      Math.max(0, latest - performance.now()),
      bytes,
      hurry,
    );
  }

  private async storeEvents(first: number, events: readonly string[]): Promise<boolean> {
    const { link, scripts, maxEventBytes } = this.from;
    const bytes = events.reduce((sum, event) => sum + event.length, 0);
    const call = () => scripts.run('tell', this.id, this.entry.token, first, maxEventBytes, ...events);
    return (await link.ask(call, bytes)) === 1;
  }
}
