import type { Caller } from './caller';
import type { Claim } from './claim';

/** So many calls pass a batch that could have had the place; then it has one. */
const MOST_CALLS_BEFORE_BATCH = 8;

/** Whose turn it is, and with what. */
export interface Turn {
  readonly caller: Caller;
  readonly kind: Claim['kind'];
}

/**
 * Decides who has the place that is free: the caller that holds fewest, of these the one that was served least recently.
 * Calls go before batches, but not for ever.
 */
export class Turns {
  private callsBeforeBatch = 0;

  /**
   * Returns whose turn it is, null where nobody may have it.
   * @param mostHeld how many places a caller may hold
   */
  next(waiting: Iterable<Caller>, mostHeld: number): Turn | null {
    let call: Caller | null = null;
    let batch: Caller | null = null;
    for (const caller of waiting) {
      if (caller.held < mostHeld) {
        call = firstOf(call, caller, 'call');
        batch = firstOf(batch, caller, 'batch');
      }
    }
    if (batch && (!call || this.callsBeforeBatch >= MOST_CALLS_BEFORE_BATCH)) {
      this.callsBeforeBatch = 0;
      return { caller: batch, kind: 'batch' };
    }
    if (call && batch) {
      this.callsBeforeBatch++;
    }
    return call && { caller: call, kind: 'call' };
  }
}

/** Returns who of the two goes first with what waits of a kind; `best` where the other has nothing of it. */
function firstOf(best: Caller | null, other: Caller, kind: Claim['kind']): Caller | null {
  if (other.lines[kind].length === 0) {
    return best;
  }
  if (!best || other.held < best.held) {
    return other;
  }
  return other.held === best.held && other.lastServed < best.lastServed ? other : best;
}
