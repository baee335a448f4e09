import { WaitingLine } from '../waiting/waiting-line';
import type { Admission } from './admission';
import type { Claim } from './claim';
import { RecentCount } from './recent-count';

/** Over how long it is counted who found a place and who did not. Milliseconds. */
export const COUNTED_MS = 2_000;

/** What one caller holds and waits for. */
export class Caller {
  /** Places that it has. */
  held = 0;
  /** It never takes more places at once. */
  share: number;
  /** Which version of its terms says so. */
  version = 0;
  /** How many calls went before its batches since one of these had a place. */
  passes = 0;
  /** How many of all had a place before it had its last one; where that is not known, before it came. */
  lastServed: number;
  /** Those of each kind that wait for a place, first come first served. */
  readonly lines: Readonly<Record<Claim['kind'], WaitingLine<Admission>>>;
  readonly admitted = new RecentCount(COUNTED_MS);
  readonly turnedAway = new RecentCount(COUNTED_MS);

  /** @param share how many places it may have: all of them, until it is known to have less */
  constructor(
    readonly name: string,
    share: number,
    servedSoFar: number,
    onLeave: (caller: Caller, kind: Claim['kind']) => void,
  ) {
    this.share = share;
    this.lastServed = servedSoFar;
    this.lines = {
      call: new WaitingLine(() => onLeave(this, 'call')),
      batch: new WaitingLine(() => onLeave(this, 'batch')),
    };
  }

  /** Whether it has terms that others may have replaced, or may replace. */
  get hasTerms(): boolean {
    return this.version > 0;
  }

  get isWaiting(): boolean {
    return this.lines.call.length > 0 || this.lines.batch.length > 0;
  }

  /** Whether it holds all that it may. What was more, before its terms changed, it keeps until it is done. */
  get hasItsShare(): boolean {
    return this.held >= this.share;
  }

  get isIdle(): boolean {
    return this.held === 0 && !this.isWaiting;
  }
}
