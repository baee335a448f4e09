import { JobStoreUnavailable } from '../job-store';

/** So long somebody waits for a turn. */
const LONGEST_WAIT_MS = 10_000;
/** So many of one owner wait. */
const MAX_WAITING = 200;

interface Waiter {
  readonly bytes: number;
  readonly grant: () => void;
}

/**
 * Has what is read at one moment stay within a number of bytes. Owners take turns, and each holds half of it at most, or one
 * reading that is larger: nobody keeps the others out.
 */
export class ReadBudget {
  private readonly waiting = new Map<string, Waiter[]>();
  private readonly held = new Map<string, number>();
  private free: number;

  constructor(
    private readonly maxBytes: number,
    private readonly longestWaitMs = LONGEST_WAIT_MS,
  ) {
    this.free = maxBytes;
  }

  /**
   * Waits for a turn, and returns how to end it.
   * @param bytes what is held meanwhile; one that is more than there is takes all
   * @throws JobStoreUnavailable where the turn does not come in time
   */
  acquire(owner: string, bytes: number): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const line = this.waiting.get(owner) ?? [];
      if (line.length >= MAX_WAITING) {
        reject(new JobStoreUnavailable('One owner has too much read at once'));
        return;
      }
      const needed = Math.min(Math.max(1, bytes), this.maxBytes);
      const timer = setTimeout(() => {
        this.leave(owner, waiter);
        reject(new JobStoreUnavailable('Too much is read at once'));
        this.serve();
      }, this.longestWaitMs).unref();
      const waiter: Waiter = {
        bytes: needed,
        grant: () => {
          clearTimeout(timer);
          resolve(this.hold(owner, needed));
        },
      };
      line.push(waiter);
      this.waiting.set(owner, line);
      this.serve();
    });
  }

  private hold(owner: string, bytes: number): () => void {
    this.count(owner, bytes);
    let isHeld = true;
    return () => {
      if (isHeld) {
        isHeld = false;
        this.count(owner, -bytes);
        this.serve();
      }
    };
  }

  private count(owner: string, bytes: number): void {
    this.free -= bytes;
    const held = (this.held.get(owner) ?? 0) + bytes;
    if (held === 0) {
      this.held.delete(owner);
    } else {
      this.held.set(owner, held);
    }
  }

  /** Whoever is next waits until there is room: smaller ones behind it would keep it waiting for ever. */
  private serve(): void {
    for (;;) {
      const next = this.next();
      if (!next || next[1].bytes > this.free) {
        return;
      }
      const [owner, waiter] = next;
      this.leave(owner, waiter);
      waiter.grant();
    }
  }

  /** Returns the first of the owner whose turn it is, of those that have not their share. */
  private next(): readonly [string, Waiter] | null {
    for (const [owner, [first]] of this.waiting) {
      const held = this.held.get(owner) ?? 0;
      if (first && (held === 0 || held + first.bytes <= this.maxBytes / 2)) {
        return [owner, first];
      }
    }
    return null;
  }

  /** Takes one out; its owner's next turn comes after those of all others. */
  private leave(owner: string, waiter: Waiter): void {
    const left = (this.waiting.get(owner) ?? []).filter((other) => other !== waiter);
    this.waiting.delete(owner);
    if (left.length > 0) {
      this.waiting.set(owner, left);
    }
  }
}
