import { isOnDemand, type ZygoteKind } from '../protocol/messages';

/** How the spares of a kind of zygote are kept. Times are milliseconds. */
export interface Keeping {
  /** How long a run waits for a spare. */
  readonly patienceMs: number;
  /** After so long a spare that is not ready means that its zygote hangs; only time in which this process ran counts. */
  readonly stuckMs: number;
  /** Of a kind that there is only while it is used; null of one that there always is. */
  readonly onDemand: OnDemandKeeping | null;
}

export interface OnDemandKeeping {
  /** How many spares are kept while it is used. */
  readonly spares: number;
  /** Within so long its zygote becomes ready, however busy the machine is. */
  readonly startMs: number;
  /** After so long without use there are no spares. The supervisor ends the zygote, which has not forked for as long. */
  readonly idleMs: number;
}

/** Loading the packages on a slow machine, and then some. */
const ALWAYS: Keeping = { patienceMs: 8_000, stuckMs: 15_000, onDemand: null };
/** The supervisor ends a zygote that hangs while it starts, after a minute: only one that is ready can be stuck for longer. */
const ON_DEMAND: Keeping = {
  patienceMs: 30_000,
  stuckMs: 90_000,
  onDemand: { spares: 1, startMs: 60_000, idleMs: 600_000 },
};

/** Returns how the spares of a kind are kept. */
export function keepingOf(kind: ZygoteKind): Keeping {
  return isOnDemand(kind) ? ON_DEMAND : ALWAYS;
}
