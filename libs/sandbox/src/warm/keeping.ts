import { isOnDemand, type ZygoteKind } from '../protocol/messages';

/** How the spares of a kind of zygote are kept. Times are milliseconds. */
export interface Keeping {
  /** How long a run waits for a spare. */
  readonly patienceMs: number;
  /** After so long a spare that is not ready means that its zygote hangs; only time in which this process ran counts. */
  readonly stuckMs: number;
  /** Within so long its zygote becomes ready, however busy the machine is. */
  readonly startMs: number;
  /** Of a kind that there is only while it is used; null of one that there always is. */
  readonly onDemand: OnDemandKeeping | null;
}

export interface OnDemandKeeping {
  /** How many spares are kept while it is used. */
  readonly spares: number;
  /** After so long without use there are no spares. The supervisor ends the zygote, which has not forked for as long. */
  readonly idleMs: number;
}

/** Loading the packages on a machine that is very busy. The supervisor ends one of a kind on demand that takes longer. */
const START_MS = 60_000;
const ALWAYS: Keeping = { patienceMs: 8_000, stuckMs: 15_000, startMs: START_MS, onDemand: null };
/** That its zygote was ended for want of use is not told: a spare may have to wait until it has been started. */
const ON_DEMAND: Keeping = {
  patienceMs: 30_000,
  stuckMs: 90_000,
  startMs: START_MS,
  onDemand: { spares: 1, idleMs: 600_000 },
};

/** Returns how the spares of a kind are kept. */
export function keepingOf(kind: ZygoteKind): Keeping {
  return isOnDemand(kind) ? ON_DEMAND : ALWAYS;
}
