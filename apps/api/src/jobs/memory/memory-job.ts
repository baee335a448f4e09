import type { JobStatus } from '@pycell/contracts';
import type { JobOutcome, JobRecord } from '../job';
import { JobEvents } from './job-events';
import type { Waiter } from './fair-line';
import type { Weighed } from './heap';

/** What a job takes besides its texts, about: even of nothing there may not be any number. */
const JOB_BYTES = 2_048;

/** What the store knows of somebody who has jobs, from the first that is accepted until the last is forgotten. */
export class JobOwner implements Waiter, Weighed {
  /** Those that can be taken, the next first. */
  readonly line: MemoryJob[] = [];
  /** Those that have ended and are kept, the oldest first. */
  readonly ended = new Set<MemoryJob>();
  /** How many have been taken and have not ended. */
  taken = 0;
  /** Of the jobs that have not begun, and their requests. */
  queued = 0;
  queuedBytes = 0;
  keptBytes = 0;
  maxPlaces: number | null = null;
  round = 0;
  heapIndex = -1;

  constructor(readonly id: string) {}

  get waiting(): number {
    return this.line.length;
  }

  get mayTake(): boolean {
    return this.maxPlaces === null || this.taken < this.maxPlaces;
  }

  /** By which it is chosen to have something forgotten. */
  get weight(): number {
    return this.keptBytes;
  }

  /** Whether nothing need be known of it any more. */
  get isIdle(): boolean {
    return this.queued === 0 && this.taken === 0 && this.ended.size === 0;
  }
}

/** One job in memory. */
export class MemoryJob {
  status: JobStatus = 'queued';
  readonly createdAt = Date.now();
  startedAt: number | null = null;
  endedAt: number | null = null;
  expiresAt: number | null = null;
  outcome: JobOutcome | null = null;
  readonly events = new JobEvents(() => this.tellWatchers());
  readonly watchers = new Set<() => void>();
  /** Aborts when it was cancelled. */
  readonly ending = new AbortController();
  isTaken = false;

  /**
   * @param body null once it has begun: who has taken it has it
   * @param repetition by what a repetition is found; null where it cannot be repeated
   */
  constructor(
    readonly id: string,
    readonly owner: JobOwner,
    readonly key: string | null,
    public body: Buffer | null,
    readonly repetition: string | null,
    readonly note: string | null = null,
  ) {}

  get hasEnded(): boolean {
    return this.endedAt !== null;
  }

  get record(): JobRecord {
    const { id, status, createdAt, startedAt, endedAt, expiresAt } = this;
    const httpStatus = this.outcome?.httpStatus ?? null;
    return { id, owner: this.owner.id, status, createdAt, startedAt, endedAt, expiresAt, httpStatus };
  }

  /** What it holds while it waits. */
  get waitingBytes(): number {
    return (this.body?.length ?? 0) + noteBytes(this.note);
  }

  /** What it holds once it has ended. */
  get keptBytes(): number {
    return JOB_BYTES + noteBytes(this.note) + this.events.bytes + (this.outcome ? bytesOf(this.outcome) : 0);
  }

  tellWatchers(): void {
    for (const watcher of this.watchers) {
      watcher();
    }
  }
}

/** At two bytes for a character, as below. */
export function noteBytes(note: string | null | undefined): number {
  return 2 * (note?.length ?? 0);
}

function bytesOf({ result, facts, output, artifacts }: JobOutcome): number {
  // At two bytes for a character, as V8 keeps what is not Latin-1.
  const characters = artifacts.reduce((sum, text) => sum + text.length, facts.length + output.length);
  return (result?.length ?? 0) + 2 * characters;
}
