import type { Admission, AdmissionOptions, Occupancy } from './admission';
import { AdmissionRefused } from './admission-refused';
import { Caller } from './caller';
import type { Claim } from './claim';
import { KeptPlace } from './kept-place';
import { KnownCallers } from './known-callers';
import { RetryEstimate } from './retry-estimate';
import { mayHave, takeTurn } from './turns';

/** So many callers are known before those are forgotten that hold and wait for nothing. Some 500 bytes each. */
const KNOWN_CALLERS = 1_024;

/** What becomes of a claim: a place at once, a place in the queue, another's place in the queue, or nothing. */
type Reception = 'place' | 'wait' | 'exchange' | 'refusal';

/**
 * Admits runs, a bounded number at once, and shares the places out between callers. The last place that is free is for a
 * caller that has none, and no caller has more than its share. A bounded number of calls waits for a bounded time; where
 * the queue is full, a caller that has less in it than another takes from the one that has most. The claims of batches
 * wait apart, as long as it takes.
 *
 * Whenever a place is free, none that waits may have it: then a claim that may is admitted at once.
 */
export class AdmissionQueue {
  private readonly callers: KnownCallers;
  /** Callers of whom something waits. */
  private readonly waiting = new Set<Caller>();
  private readonly kept = new KeptPlace(() => this.admitWaiting());
  private readonly estimate = new RetryEstimate();
  private running = 0;
  private waitingCalls = 0;
  private served = 0;
  private closed = false;

  constructor(private readonly options: AdmissionOptions) {
    const onLeave = (caller: Caller, kind: Claim['kind']): void => this.left(caller, kind);
    const create = (name: string): Caller => new Caller(name, options.maxConcurrency, this.served, onLeave);
    this.callers = new KnownCallers(create, KNOWN_CALLERS);
  }

  /**
   * Waits for a place.
   * @throws AdmissionRefused when there is none, for a batch only once the queue is closed; the signal's reason when it
   *   aborts meanwhile.
   */
  async acquire(claim: Claim, signal: AbortSignal): Promise<Admission> {
    signal.throwIfAborted();
    const { kind } = claim;
    const caller = this.callerOf(claim);
    if (this.closed) {
      throw this.refuse('closed', caller);
    }
    const reception = this.receptionOf(caller, kind);
    if (reception === 'place') {
      return this.admit(caller, 0);
    }
    if (reception === 'refusal') {
      throw this.refuse('queue-full', caller);
    }
    if (reception === 'exchange') {
      this.pushOut();
    }
    return this.wait(caller, kind, signal);
  }

  /**
   * Refuses one who has not asked yet, and would be refused: for a caller that has nothing to say for the queue. Null where
   * it would not; it has no place and waits for none then. Where the queue is full, terms of its caller that are newer hold
   * from now on, and may admit what waits of it already.
   */
  refuseIfFull(claim: Claim): AdmissionRefused | null {
    if (this.closed || this.waitingCalls < this.options.maxQueue) {
      return null;
    }
    const caller = this.callerOf(claim);
    return this.receptionOf(caller, claim.kind) === 'refusal' ? this.refuse('queue-full', caller) : null;
  }

  /** Refuses those who wait and those who come from now on; who has a place keeps it. */
  close(): void {
    this.closed = true;
    for (const caller of [...this.waiting]) {
      for (const line of Object.values(caller.lines)) {
        line.refuseAll(() => this.refuse('closed', caller));
      }
    }
  }

  /** Returns the caller of a claim, with the newest of its terms: they hold for what waits already, too. */
  private callerOf({ caller: name, maxPlaces, version }: Claim): Caller {
    const caller = this.callers.of(name);
    const { maxConcurrency } = this.options;
    const share = maxPlaces === null || maxPlaces > maxConcurrency ? maxConcurrency : maxPlaces;
    if (version >= caller.version) {
      const isMore = share > caller.share;
      caller.version = version;
      caller.share = share;
      if (isMore && caller.isWaiting) {
        this.admitWaiting();
      }
    }
    return caller;
  }

  /** How many run and wait, at one moment. */
  get occupancy(): Occupancy {
    let waitingBatches = 0;
    for (const { lines } of this.waiting) {
      waitingBatches += lines.batch.length;
    }
    return { running: this.running, waitingCalls: this.waitingCalls, waitingBatches };
  }

  private get free(): number {
    return this.options.maxConcurrency - this.running;
  }

  /** Whether the place that is free next is the last one but for what is kept. */
  private get isLast(): boolean {
    return this.free <= (this.kept.isKept ? 2 : 1);
  }

  private receptionOf(caller: Caller, kind: Claim['kind']): Reception {
    if (this.free > 0 && mayHave(caller, this.isLast)) {
      return 'place';
    }
    if (kind === 'batch' || this.waitingCalls < this.options.maxQueue) {
      return 'wait';
    }
    // Both have a fairer share of the queue then. With one less between them they would push out each other for ever.
    const most = this.fullest()?.lines.call.length ?? 0;
    return caller.lines.call.length + 1 < most ? 'exchange' : 'refusal';
  }

  /** The caller of whom most calls wait. */
  private fullest(): Caller | null {
    let fullest: Caller | null = null;
    for (const caller of this.waiting) {
      if (caller.lines.call.length > (fullest?.lines.call.length ?? 0)) {
        fullest = caller;
      }
    }
    return fullest;
  }

  private pushOut(): void {
    const fullest = this.fullest();
    fullest?.lines.call.refuseNewest(() => this.refuse('queue-full', fullest));
  }

  private wait(caller: Caller, kind: Claim['kind'], signal: AbortSignal): Promise<Admission> {
    const isCall = kind === 'call';
    const admission = caller.lines[kind].wait(
      signal,
      isCall
        ? { ms: this.options.queueTimeoutMs, refusal: () => this.refuse('queue-timeout', caller) }
        : undefined,
    );
    this.waitingCalls += isCall ? 1 : 0;
    this.waiting.add(caller);
    return admission;
  }

  /** One of a caller's claims waits no longer. */
  private left(caller: Caller, kind: Claim['kind']): void {
    this.waitingCalls -= kind === 'call' ? 1 : 0;
    if (!caller.isWaiting) {
      this.waiting.delete(caller);
    }
  }

  private admit(caller: Caller, waitedMs: number): Admission {
    const startedAt = performance.now();
    this.running++;
    caller.held++;
    caller.lastServed = ++this.served;
    this.estimate.noteAdmission(caller, startedAt);
    this.kept.noteAdmission(caller);
    let released = false;
    return {
      waitedMs,
      release: () => {
        if (!released) {
          released = true;
          this.estimate.noteRun(performance.now() - startedAt);
          this.release(caller);
        }
      },
    };
  }

  private release(caller: Caller): void {
    this.running--;
    caller.held--;
    if (this.waiting.size > 0) {
      if (caller.isIdle && this.isContended) {
        this.kept.keepFor(caller);
      }
      this.admitWaiting();
    }
  }

  /** Whether anybody waits for more than its own runs to end. */
  private get isContended(): boolean {
    for (const caller of this.waiting) {
      if (!caller.hasItsShare) {
        return true;
      }
    }
    return false;
  }

  /**
   * Mostly one, for the run that has ended. Two where a call went first, and a batch whose caller has no place may have
   * the last.
   */
  private admitWaiting(): void {
    while (this.free > 0) {
      const turn = takeTurn(this.waiting, this.isLast);
      if (!turn) {
        return;
      }
      turn.caller.lines[turn.kind].serve((waitedMs) => this.admit(turn.caller, waitedMs));
    }
  }

  private refuse(reason: AdmissionRefused['reason'], caller: Caller): AdmissionRefused {
    const own = caller.lines.call.length;
    const contenders = Math.max(1, this.waiting.size + (caller.isWaiting ? 0 : 1));
    const { maxConcurrency } = this.options;
    // Where fewer callers contend than there are places, the last one stays free.
    const places = contenders < maxConcurrency ? maxConcurrency - 1 : maxConcurrency;
    return new AdmissionRefused(
      reason,
      this.estimate.refuse(caller, { own, share: Math.min(places / contenders, caller.share) }),
      { running: caller.held, waiting: own },
      { running: this.running, waiting: this.waitingCalls },
      caller.share < maxConcurrency ? caller.share : null,
    );
  }
}
