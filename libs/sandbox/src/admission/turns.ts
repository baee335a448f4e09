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
   * @param isLast whether the place that is free is the last one
   */
  next(waiting: Iterable<Caller>, isLast: boolean): Turn | null {
    let call: Caller | null = null;
    let batch: Caller | null = null;
    for (const caller of waiting) {
      if (mayHave(caller, isLast)) {
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

/**
 * Whether a caller may have a place that is free. The last one is for those who have none: somebody else who comes finds
 * it free, however many others ask for.
 */
export function mayHave({ held }: Caller, isLast: boolean): boolean {
  return !isLast || held === 0;
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
