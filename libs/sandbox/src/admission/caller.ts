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
  /** How many calls went before its batches since one of these had a place. */
  passes = 0;
  /** How many of all had a place before it had its last one; where that is not known, before it came. */
  lastServed: number;
  /** Those of each kind that wait for a place, first come first served. */
  readonly lines: Readonly<Record<Claim['kind'], WaitingLine<Admission>>>;
  readonly admitted = new RecentCount(COUNTED_MS);
  readonly turnedAway = new RecentCount(COUNTED_MS);

  constructor(
    readonly name: string,
    servedSoFar: number,
    onLeave: (caller: Caller, kind: Claim['kind']) => void,
  ) {
    this.lastServed = servedSoFar;
    this.lines = {
      call: new WaitingLine(() => onLeave(this, 'call')),
      batch: new WaitingLine(() => onLeave(this, 'batch')),
    };
  }

  get isWaiting(): boolean {
    return this.lines.call.length > 0 || this.lines.batch.length > 0;
  }

  get isIdle(): boolean {
    return this.held === 0 && !this.isWaiting;
  }
}
