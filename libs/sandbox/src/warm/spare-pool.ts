import type { Duplex } from 'node:stream';
import type { ControlChannel } from '../conversation/control-channel';
import { Spare, type SpareLoss } from '../conversation/spare';
import { BackOff } from '../waiting/back-off';
import { afterLoopTime, type LoopTimer } from '../waiting/loop-time';
import { WaitingLine } from '../waiting/waiting-line';

export interface SparePoolOptions {
  /** How many spares are kept. */
  readonly size: number;
  /** Whether none is kept before somebody has waited for one, and it came. */
  readonly isOnDemand: boolean;
  /** After so long a spare that does not come up is a zygote that hangs. Milliseconds of time in which this process ran. */
  readonly stuckMs: number;
  /** So much longer while the zygote is still being started: a machine that starts much at once is not to begin it anew for ever. */
  readonly startMs: number;
  /** What a run may answer with, result and artifacts. */
  readonly maxOutcomeBytes: number;
  /** Opens a connection, upon which a zygote forks a spare. */
  readonly connect: () => Duplex;
}

/** Hears of a pool. */
export interface SparePoolOwner {
  /** A spare has become ready, or warm, and waits. */
  onIdle(): void;
  /** A spare could not become one. `cause` is for the log. */
  onFault(cause: string): void;
  /** A spare that was ready ended without having been used. */
  onUnused(run: number): void;
  /** There will be no spares any more. `cause` is for the log. */
  onBroken(cause: string): void;
}

/** Between attempts to get a spare where they do not come up. Milliseconds. */
const FIRST_DELAY_MS = 10;
const LARGEST_DELAY_MS = 1_000;
/** What the host is short of: an operator must hear of it. Other ends of a connection are those of its zygote. */
const SHORTAGES: readonly (string | undefined)[] = ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS'];

/** Spares of one zygote, forked ahead. Hands out the best that is ready; who finds none waits, first come first served. */
export class SparePool {
  /** Those that are not handed out, in the order in which they became what they are. */
  private readonly spares = new Set<Spare>();
  private readonly line = new WaitingLine<Spare>();
  /** Of those that are being forked. */
  private readonly overdue = new Map<Spare, LoopTimer>();
  private readonly backOff = new BackOff(FIRST_DELAY_MS, LARGEST_DELAY_MS);
  private retry: NodeJS.Timeout | undefined;
  private closed = false;
  /** Whether the zygote has been started, and lives. */
  private hasZygote = false;
  /** How many are kept now. */
  private kept: number;

  constructor(
    private readonly control: ControlChannel,
    private readonly options: SparePoolOptions,
    private readonly owner: SparePoolOwner,
  ) {
    this.kept = options.isOnDemand ? 0 : options.size;
  }

  /** Spares that are being forked or made warm: work that takes a processor. */
  get busy(): number {
    let busy = 0;
    for (const { state } of this.spares) {
      busy += state === 'starting' || state === 'warming' ? 1 : 0;
    }
    return busy;
  }

  /** Spares that a script could have at once. */
  get ready(): number {
    let ready = 0;
    for (const { state } of this.spares) {
      ready += state === 'cold' || state === 'warm' ? 1 : 0;
    }
    return ready;
  }

  /** The zygote has become ready, or has died: another one is being started, which serves those who have asked for a spare. */
  noteZygote(isReady: boolean): void {
    if (this.hasZygote !== isReady) {
      this.hasZygote = isReady;
      for (const spare of [...this.overdue.keys()]) {
        this.watch(spare);
      }
    }
  }

  /** Asks for as many spares as are missing. */
  fill(): void {
    const wanted = this.kept + this.line.length;
    while (!this.closed && !this.retry && this.spares.size < wanted) {
      this.request();
    }
  }

  /** Warms one spare that is cold, if there is one. */
  warmOne(): void {
    if (!this.closed) {
      this.first('cold')?.warm();
    }
  }

  /** Hands out the best spare that is ready; null where there is none. */
  take(): Spare | null {
    const spare = this.first('warm') ?? this.first('cold') ?? null;
    if (spare) {
      this.spares.delete(spare);
    }
    return spare;
  }

  /** Waits for a spare. @throws the signal's reason when it aborts first. */
  acquire(signal: AbortSignal): Promise<Spare> {
    signal.throwIfAborted();
    const spare = this.take();
    if (spare) {
      return Promise.resolve(spare);
    }
    const waiting = this.line.wait(signal);
    this.fill();
    return waiting;
  }

  /** Ends the spares that wait, and asks for others. */
  replaceWaiting(): void {
    for (const spare of [...this.spares]) {
      if (spare.state === 'cold' || spare.state === 'warm') {
        spare.close();
      }
    }
  }

  /** Ends all spares, and keeps none until somebody has waited for one again. */
  rest(): void {
    this.kept = 0;
    this.end();
  }

  /** Ends all spares. Who waits keeps waiting until its signal aborts. */
  close(): void {
    this.closed = true;
    clearTimeout(this.retry);
    this.end();
  }

  private end(): void {
    for (const spare of [...this.spares]) {
      spare.close();
    }
  }

  private first(state: 'cold' | 'warm'): Spare | undefined {
    for (const spare of this.spares) {
      if (spare.state === state) {
        return spare;
      }
    }
    return undefined;
  }

  private request(): void {
    let cameUp = false;
    const spare: Spare = new Spare(this.options.connect(), this.control, this.options.maxOutcomeBytes, {
      onReady: () => {
        this.unwatch(spare);
        cameUp = true;
        this.becomeReady(spare);
      },
      onLost: (loss) => {
        this.unwatch(spare);
        this.lose(spare, cameUp, loss);
      },
    });
    this.spares.add(spare);
    this.watch(spare);
  }

  /** Takes the zygote for stuck where this spare does not come up in time, from now on. */
  private watch(spare: Spare): void {
    this.unwatch(spare);
    const { stuckMs, startMs } = this.options;
    const dueMs = this.hasZygote ? stuckMs : startMs + stuckMs;
    this.overdue.set(
      spare,
      afterLoopTime(dueMs, () => this.owner.onBroken('the zygote does not fork')),
    );
  }

  private unwatch(spare: Spare): void {
    this.overdue.get(spare)?.cancel();
    this.overdue.delete(spare);
  }

  private becomeReady(spare: Spare): void {
    this.spares.delete(spare);
    this.backOff.reset();
    this.kept = this.options.size;
    if (!this.line.serve(() => spare)) {
      this.spares.add(spare);
      this.owner.onIdle();
    }
  }

  private lose(spare: Spare, cameUp: boolean, { cause, code }: SpareLoss): void {
    this.spares.delete(spare);
    const fault =
      cause ?? (SHORTAGES.includes(code) ? `the service cannot connect to its zygote (${code})` : null);
    // Of several that fail beside each other one is told: the log of a shortage must be no flood.
    if (fault !== null && !this.closed && !this.retry) {
      this.owner.onFault(fault);
    }
    if (cameUp) {
      this.owner.onUnused(spare.number);
    }
    if (code === 'ENOENT') {
      this.owner.onBroken('the sockets of the zygotes are gone');
    }
    if (this.closed || this.retry) {
      return;
    }
    // One that was ready is replaced at once; those that do not come up are not asked for in a tight loop.
    if (cameUp) {
      this.backOff.reset();
    }
    const delayMs = cameUp ? 0 : this.backOff.nextMs();
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.fill();
    }, delayMs);
  }
}
