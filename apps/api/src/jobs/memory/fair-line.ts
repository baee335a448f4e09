/** Whose jobs wait, with what is known of the turns of that owner. */
export interface Waiter {
  /** How many of its jobs wait. */
  readonly waiting: number;
  /** Whether one more of its jobs may be at work. */
  readonly mayTake: boolean;
  /** The round in which it had its last turn. */
  round: number;
}

/**
 * Who has the next turn among the owners of waiting jobs: start-time fair queueing with jobs that cost the same. Their start
 * times are whole numbers then, and no more than one apart: what is left of it are rounds, in which each has one turn. An owner
 * with a thousand jobs does not hold up the first job of another.
 */
export class FairLine<Owner extends Waiter> {
  private round = 1;
  private now = new Set<Owner>();
  private later = new Set<Owner>();

  /** Puts an owner in or takes it out, by what is known of it now. */
  update(owner: Owner): void {
    if (owner.waiting === 0 || !owner.mayTake) {
      this.now.delete(owner);
      this.later.delete(owner);
    } else if (!this.now.has(owner) && !this.later.has(owner)) {
      (owner.round < this.round ? this.now : this.later).add(owner);
    }
  }

  get isEmpty(): boolean {
    return this.now.size + this.later.size === 0;
  }

  /** Returns who has the next turn, and counts it; null where nobody waits. */
  next(): Owner | null {
    if (this.now.size === 0) {
      [this.now, this.later] = [this.later, this.now];
      this.round++;
    }
    const [owner] = this.now;
    if (!owner) {
      return null;
    }
    owner.round = this.round;
    this.now.delete(owner);
    return owner;
  }

  /** Takes a turn back: the owner is the next again. */
  undo(owner: Owner): void {
    this.later.delete(owner);
    owner.round = this.round - 1;
    this.now = new Set([owner, ...this.now]);
  }
}
