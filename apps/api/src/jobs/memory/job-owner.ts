import type { Waiter } from './fair-line';
import type { Weighed } from './heap';
import type { MemoryJob } from './memory-job';

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
