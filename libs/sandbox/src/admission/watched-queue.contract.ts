import type { Admission } from './admission';
import { AdmissionQueue } from './admission-queue';
import { AdmissionRefused } from './admission-refused';
import type { Claim } from './claim';

/** So many calls pass the batches of a caller that could have had the place. */
const MOST_PASSES = 8;

/** A claim and what has become of it. */
interface Watched extends Claim {
  readonly controller: AbortController;
  state: 'waiting' | 'admitted' | 'refused' | 'abandoned' | 'released';
  admission?: Admission;
}

/** Settles what a step has set off. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * An AdmissionQueue that is looked at from outside. It knows what was asked and what came of it, and nothing else; after
 * each step everything that the queue promises must hold.
 */
export class WatchedQueue {
  readonly seen = { admitted: 0, refused: 0, pushedOut: 0, batchesAfterCalls: 0, heldBack: 0, renewed: 0 };
  private readonly queue: AdmissionQueue;
  /** Those that wait or run, in the order in which they came. */
  private claims: Watched[] = [];
  /** How many had been admitted when a caller was last: when it came first, where it never was. */
  private readonly lastServed = new Map<string, number>();
  /** How many calls passed the batches of a caller since one of these was admitted. */
  private readonly passes = new Map<string, number>();
  /** What is known of the terms of callers. */
  private readonly shares = new Map<string, number>();
  /** For whom a place is kept: who has given back its only one while others waited who may have more. */
  private keptFor: string | null = null;
  /** Those that were admitted, in that order, since it was last looked. */
  private admitted: Watched[] = [];

  constructor(
    private readonly places: number,
    private readonly maxQueue: number,
  ) {
    this.queue = new AdmissionQueue({ maxConcurrency: places, maxQueue, queueTimeoutMs: 3_600_000 });
  }

  /** Somebody asks for a place, with terms that may be new. What is told before must be what becomes of it. */
  async claim(claim: Claim): Promise<void> {
    this.firstSeen(claim.caller);
    const toldFull = this.queue.refuseIfFull(claim) !== null;
    const watched: Watched = { ...claim, controller: new AbortController(), state: 'waiting' };
    this.ask(watched);
    await turn();
    this.renew(claim, watched);
    const waitedBefore = this.claims.filter(({ state }) => state === 'waiting' || state === 'refused');
    const isFreeFor = this.mayHave(claim.caller);
    this.seen.heldBack += this.hasRoomBut(claim.caller) ? 1 : 0;
    this.claims.push(watched);
    expect(watched.state).toBe(isFreeFor ? 'admitted' : toldFull ? 'refused' : 'waiting');
    this.noteRefused(watched, waitedBefore);
    expect(this.admitted).toEqual(isFreeFor ? [watched] : []);
    this.noteAdmitted();
    this.check();
  }

  /** A run ends. Who comes next must be the one whose turn it is. */
  async release(below: (bound: number) => number): Promise<void> {
    const running = this.running();
    const ended = running[below(running.length)];
    if (!ended) {
      return;
    }
    ended.state = 'released';
    const waiting = this.waiting();
    const isIdle = this.heldBy(ended.caller) === 0 && !waiting.some(({ caller }) => caller === ended.caller);
    const isContended = waiting.some(({ caller }) => this.heldBy(caller) < this.shareOf(caller));
    this.keptFor = isIdle && isContended ? ended.caller : this.keptFor;
    ended.admission?.release();
    await this.expectTurns();
  }

  /** So much time passes that no place is kept any more. */
  async pause(): Promise<void> {
    this.keptFor = null;
    jest.advanceTimersByTime(5);
    await this.expectTurns();
  }

  /** Somebody who waits goes away. */
  async abandon(below: (bound: number) => number): Promise<void> {
    const waiting = this.waiting();
    waiting[below(waiting.length)]?.controller.abort(new Error('gone'));
    await turn();
    this.check();
  }

  /** All runs end, and all who wait have their turn: then it is as it was at the start. */
  async emptyIt(below: (bound: number) => number): Promise<void> {
    while (this.running().length > 0) {
      await this.release(below);
    }
    await this.pause();
    expect(this.waiting()).toEqual([]);
    for (let n = 0; n < this.places; n++) {
      await this.claim({ caller: `new ${n}`, kind: 'call', maxPlaces: null, version: 0 });
    }
    expect(this.running().length).toBe(this.places);
    for (let n = 0; n < this.maxQueue; n++) {
      await this.claim({ caller: 'patient', kind: 'call', maxPlaces: null, version: 0 });
    }
    expect(this.waiting().length).toBe(this.maxQueue);
    await this.close();
  }

  /** Whoever waits is refused, whoever runs goes on. */
  async close(): Promise<void> {
    const [waiting, running] = [this.waiting(), this.running()];
    this.end();
    await turn();
    expect(waiting.filter(({ state }) => state !== 'refused')).toEqual([]);
    expect(running.filter(({ state }) => state !== 'admitted')).toEqual([]);
    expect(this.waiting()).toEqual([]);
  }

  /** Whatever it is in. */
  end(): void {
    this.queue.close();
  }

  private ask(watched: Watched): void {
    this.queue.acquire(watched, watched.controller.signal).then(
      (admission) => {
        watched.state = 'admitted';
        this.admitted.push(watched);
        watched.admission = admission;
      },
      (error: unknown) => {
        watched.state = error instanceof AdmissionRefused ? 'refused' : 'abandoned';
      },
    );
  }

  /** New terms of a caller hold for what waits of it: where they give more, that has its turn before the claim that brought them. */
  private renew({ caller, maxPlaces }: Claim, came: Watched): void {
    const share = maxPlaces ?? this.places;
    const isMore = share > this.shareOf(caller);
    this.shares.set(caller, share);
    const turns = this.admitted.filter((one) => one !== came);
    expect(turns.length === 0 || isMore).toBe(true);
    this.seen.renewed += turns.length;
    // Who has a place at once hears of it first.
    this.admitted = [...turns, ...this.admitted.filter((one) => one === came)];
    this.expectTurnsOf(turns);
  }

  /** Whoever has been admitted by now had its turn. */
  private async expectTurns(): Promise<void> {
    await turn();
    this.expectTurnsOf([...this.admitted]);
    this.check();
  }

  private expectTurnsOf(admitted: readonly Watched[]): void {
    // As it was before each of them had its place.
    admitted.forEach((one) => (one.state = 'waiting'));
    for (const next of admitted) {
      this.expectTurnOf(next);
      next.state = 'admitted';
    }
  }

  private expectTurnOf(next: Watched): void {
    const mayCome = this.waiting().filter(({ caller }) => this.mayHave(caller));
    expect(mayCome).toContain(next);
    const ofKind = mayCome.filter(({ kind }) => kind === next.kind);
    const passesOf = ({ caller }: Watched): number => this.passes.get(caller) ?? 0;
    const isDue = next.kind === 'batch' && mayCome.length > ofKind.length;
    const mostPasses = Math.max(...ofKind.map(passesOf));
    const isPassed = next.kind === 'batch' && mostPasses >= MOST_PASSES;
    const rivals = isPassed ? ofKind.filter((rival) => passesOf(rival) === mostPasses) : ofKind;
    const heldOf = ({ caller }: Watched): number => this.heldBy(caller);
    const servedOf = ({ caller }: Watched): number => this.lastServed.get(caller) ?? 0;
    // The caller that holds fewest; of these the one that was served least recently; its first.
    expect(heldOf(next)).toBe(Math.min(...rivals.map(heldOf)));
    const equal = rivals.filter((rival) => heldOf(rival) === heldOf(next));
    expect(servedOf(next)).toBe(Math.min(...equal.map(servedOf)));
    expect(rivals.find(({ caller }) => caller === next.caller)).toBe(next);
    if (next.kind === 'call') {
      const batches = mayCome.filter(({ kind }) => kind === 'batch');
      expect(batches.filter((batch) => passesOf(batch) >= MOST_PASSES)).toEqual([]);
      for (const caller of new Set(batches.map((batch) => batch.caller))) {
        this.passes.set(caller, (this.passes.get(caller) ?? 0) + 1);
      }
    } else {
      expect(isDue ? passesOf(next) : MOST_PASSES).toBeGreaterThanOrEqual(MOST_PASSES);
      this.seen.batchesAfterCalls += isDue ? 1 : 0;
      this.passes.set(next.caller, 0);
    }
    this.noteAdmitted();
  }

  /** A claim that comes has nobody refused but itself, or the newest of who had most, for whose place it waits. */
  private noteRefused(came: Watched, waitedBefore: Watched[]): void {
    const pushedOut = waitedBefore.filter(({ state }) => state === 'refused');
    this.seen.refused += came.state === 'refused' ? 1 : 0;
    this.seen.pushedOut += pushedOut.length;
    const calls = waitedBefore.filter(({ kind }) => kind === 'call');
    const of = (caller: string): Watched[] => calls.filter((one) => one.caller === caller);
    const most = Math.max(0, ...calls.map(({ caller }) => of(caller).length));
    const isFull = came.kind === 'call' && came.state !== 'admitted' && calls.length >= this.maxQueue;
    const takes = isFull && of(came.caller).length + 1 < most;
    expect([came.state === 'refused', pushedOut.length]).toEqual([isFull && !takes, takes ? 1 : 0]);
    for (const victim of pushedOut) {
      expect(of(victim.caller).length).toBe(most);
      expect(of(victim.caller).at(-1)).toBe(victim);
    }
  }

  private noteAdmitted(): void {
    const watched = this.admitted.shift();
    if (watched) {
      this.seen.admitted++;
      this.lastServed.set(watched.caller, this.seen.admitted);
      this.keptFor = this.keptFor === watched.caller ? null : this.keptFor;
    }
  }

  /** Nobody has more than its share. */
  private mayHave(caller: string): boolean {
    return this.heldBy(caller) < this.shareOf(caller) && this.isFreeFor(caller);
  }

  /** The last place is for those who have none, and the one before it while one is kept; any other is for everybody. */
  private isFreeFor(caller: string): boolean {
    const free = this.places - this.running().length;
    return free > (this.keptFor === null ? 1 : 2) || (free > 0 && this.heldBy(caller) === 0);
  }

  /** Whether its share is all that keeps a place from a caller. */
  private hasRoomBut(caller: string): boolean {
    return this.isFreeFor(caller) && !this.mayHave(caller);
  }

  private shareOf(caller: string): number {
    return this.shares.get(caller) ?? this.places;
  }

  private firstSeen(caller: string): void {
    if (!this.lastServed.has(caller)) {
      this.lastServed.set(caller, this.seen.admitted);
    }
  }

  private check(): void {
    this.claims = [...this.waiting(), ...this.running()];
    const [running, waiting] = [this.running(), this.waiting()];
    expect(running.length).toBeLessThanOrEqual(this.places);
    for (const { caller } of running) {
      expect(this.heldBy(caller)).toBeLessThanOrEqual(Math.max(1, this.places - 1));
    }
    expect(waiting.filter(({ kind }) => kind === 'call').length).toBeLessThanOrEqual(this.maxQueue);
    // No place is free that somebody waits for who may have it.
    expect(waiting.filter(({ caller }) => this.mayHave(caller))).toEqual([]);
  }

  private waiting(): Watched[] {
    return this.claims.filter(({ state }) => state === 'waiting');
  }

  private running(): Watched[] {
    return this.claims.filter(({ state }) => state === 'admitted');
  }

  private heldBy(caller: string): number {
    return this.running().filter((one) => one.caller === caller).length;
  }
}
