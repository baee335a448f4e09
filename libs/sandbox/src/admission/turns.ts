import type { Caller } from './caller';
import type { Claim } from './claim';

/** So many calls pass the batches of a caller that could have had the place; then one of them has it. */
const MOST_CALLS_BEFORE_BATCH = 8;

/** Whose turn it is, and with what. */
export interface Turn {
  readonly caller: Caller;
  readonly kind: Claim['kind'];
}

/**
 * Decides who has the place that is free: the caller that holds fewest, of these the one that was served least recently.
 * Calls go before batches, but not for ever: each caller has its own count of the calls that passed its batches, so that
 * the batches of another do not have its turn.
 * @param isLast whether the place that is free is the last one
 * @returns whose turn it is, null where nobody may have it
 */
export function takeTurn(waiting: Iterable<Caller>, isLast: boolean): Turn | null {
  let call: Caller | null = null;
  let batch: Caller | null = null;
  let passed: Caller | null = null;
  for (const caller of waiting) {
    if (mayHave(caller, isLast)) {
      call = firstOf(call, caller, 'call');
      batch = firstOf(batch, caller, 'batch');
      passed = mostPassed(passed, caller);
    }
  }
  const served = passed && passed.passes >= MOST_CALLS_BEFORE_BATCH ? passed : call ? null : batch;
  if (served) {
    served.passes = 0;
    return { caller: served, kind: 'batch' };
  }
  if (call && batch) {
    notePass(waiting, isLast);
  }
  return call && { caller: call, kind: 'call' };
}

/** A call goes before all batches that could have had the place. */
function notePass(waiting: Iterable<Caller>, isLast: boolean): void {
  for (const caller of waiting) {
    if (caller.lines.batch.length > 0 && mayHave(caller, isLast)) {
      caller.passes++;
    }
  }
}

/** Returns whose batches most calls have passed, of the two that goes first where that is the same. */
function mostPassed(best: Caller | null, other: Caller): Caller | null {
  if (other.lines.batch.length === 0 || (best && other.passes < best.passes)) {
    return best;
  }
  return best?.passes === other.passes ? firstOf(best, other, 'batch') : other;
}

/**
 * Whether a caller may have a place that is free. The last one is for those who have none: somebody else who comes finds
 * it free, however many others ask for. Nor has anybody more than its share, whatever is free.
 */
export function mayHave({ held, share }: Caller, isLast: boolean): boolean {
  return held < share && (!isLast || held === 0);
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
