import type { JobsOptions } from '../../configuration/jobs-options';
import { Heap } from './heap';
import type { JobOwner, MemoryJob } from './memory-job';

/** As long as a timer of Node's can be. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * The jobs that have ended, until their time is over. Beyond what they may hold together the oldest of the owner who has most
 * is forgotten; the one that has ended last is not, lest one that is larger than all of the room never be seen.
 */
export class KeptJobs {
  /** In the order of their ends, in which their times are over, too. */
  private readonly jobs = new Map<MemoryJob, number>();
  private readonly owners = new Heap<JobOwner>();
  private heldBytes = 0;
  private timer: NodeJS.Timeout | null = null;

  /** @param onForgotten called with each that is kept no more */
  constructor(
    private readonly options: Pick<JobsOptions, 'maxKeptBytes'>,
    private readonly onForgotten: (job: MemoryJob) => void,
  ) {}

  get bytes(): number {
    return this.heldBytes;
  }

  add(job: MemoryJob): void {
    const bytes = job.keptBytes;
    this.jobs.set(job, bytes);
    job.owner.ended.add(job);
    this.count(job.owner, bytes);
    while (this.heldBytes > this.options.maxKeptBytes && this.jobs.size > 1) {
      this.remove(this.oldestOfMost(job));
    }
    this.timer ??= this.wait();
  }

  remove(job: MemoryJob): void {
    const bytes = this.jobs.get(job);
    if (bytes !== undefined) {
      this.jobs.delete(job);
      job.owner.ended.delete(job);
      this.count(job.owner, -bytes);
      this.onForgotten(job);
    }
  }

  stop(): void {
    if (this.timer) {
      clearTimeout(this.timer);
    }
  }

  /** @param last the one that has ended last */
  private oldestOfMost(last: MemoryJob): MemoryJob {
    const [oldest] = this.owners.heaviest?.ended ?? [];
    if (oldest && oldest !== last) {
      return oldest;
    }
    // It is the only one of who has most: the oldest of all goes in its place.
    const [first = last] = this.jobs.keys();
    return first;
  }

  private count(owner: JobOwner, bytes: number): void {
    this.heldBytes += bytes;
    owner.keptBytes += bytes;
    this.owners.update(owner);
  }

  private wait(): NodeJS.Timeout | null {
    const [first] = this.jobs.keys();
    if (!first) {
      return null;
    }
    const left = (first.expiresAt ?? 0) - Date.now();
    return setTimeout(() => this.forgetOver(), Math.min(Math.max(1, left), MAX_TIMER_MS)).unref();
  }

  private forgetOver(): void {
    const now = Date.now();
    for (const job of this.jobs.keys()) {
      if ((job.expiresAt ?? 0) > now) {
        break;
      }
      this.remove(job);
    }
    this.timer = this.wait();
  }
}
