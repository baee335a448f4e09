import type { Caller } from './caller';

/**
 * Callers by name: all that hold or wait for something, all that have terms of their own, and a bounded number of others.
 * To be forgotten costs those little: who comes again is served as one who has just come. Of a caller with terms a claim
 * may still come whose terms are older: its batch is open, and waits for its reader. Forgotten, it would have them again.
 * There are no more of these than names of keys.
 */
export class KnownCallers {
  private readonly callers = new Map<string, Caller>();
  private room: number;

  /**
   * @param create makes a caller that is not known
   * @param leastRoom how many are known at least before idle ones are forgotten
   */
  constructor(
    private readonly create: (name: string) => Caller,
    private readonly leastRoom: number,
  ) {
    this.room = leastRoom;
  }

  get size(): number {
    return this.callers.size;
  }

  of(name: string): Caller {
    let caller = this.callers.get(name);
    if (!caller) {
      if (this.callers.size >= this.room) {
        this.forgetIdle();
      }
      caller = this.create(name);
      this.callers.set(name, caller);
    }
    return caller;
  }

  /** All at once: to keep a list of them would cost each admission more than this costs all of them. */
  private forgetIdle(): void {
    for (const [name, caller] of this.callers) {
      if (caller.isIdle && !caller.hasTerms) {
        this.callers.delete(name);
      }
    }
    // As many may come again before it is worth another look.
    this.room = Math.max(this.leastRoom, 2 * this.callers.size);
  }
}
