import type { Spare } from '../conversation/spare';
import type { KindState } from '../run/engine-state';
import type { SelfTestReport } from '../run/self-test-report';
import { abortable } from '../waiting/abortable';
import type { OnDemandKeeping } from './keeping';
import type { SparePool } from './spare-pool';

/** How often a first proof is tried that could not be made. */
const MAX_PROOFS = 3;

/** The runner that the spares are in. */
export interface SparesOwner {
  /** Settles when there can be spares. */
  readonly connected: Promise<void>;
  /** Aborts when the runner is lost. */
  readonly loss: AbortSignal;
  /** Makes the proof, in this spare. Never rejects; ends the runner after a breach. */
  prove(spare: Spare): Promise<SelfTestReport>;
  /** The proof cannot be made. `cause` is for the log. */
  fail(cause: string): void;
  /** For the log. */
  onFault(cause: string): void;
}

/**
 * The spares of one kind of zygote. None is for scripts before it is proved that they are isolated. Of a kind on demand there
 * are none until somebody asks, nor when nobody has for long: then it is proved anew.
 */
export class ProvedSpares {
  private opening: Promise<void> | null = null;
  private isOpen = false;
  private idle: NodeJS.Timeout | undefined;
  /** Whether their zygote has not settled its memory. */
  private isUnsettled = false;
  private isZygoteLost = false;

  constructor(
    readonly pool: SparePool,
    private readonly owner: SparesOwner,
    private readonly onDemand: OnDemandKeeping | null,
    /** How long its zygote may take to start. Milliseconds. */
    private readonly startMs: number,
  ) {}

  /** Whether scripts may have them and their zygote lives, and how many they could have at once, now. */
  get state(): Pick<KindState, 'isOpen' | 'spares'> {
    return { isOpen: this.isOpen && !this.isZygoteLost, spares: this.isOpen ? this.pool.ready : 0 };
  }

  /** Settles when scripts may have them; begins with the proof if nobody has. @throws Error why they may not. */
  open(): Promise<void> {
    this.idle?.refresh();
    this.opening ??= this.proveFirst();
    return this.opening;
  }

  /** Hands out a spare; null where there is none, or none that is proved. */
  take(): Spare | null {
    if (!this.isOpen) {
      return null;
    }
    this.idle?.refresh();
    return this.pool.take();
  }

  /** Their zygote is ready, a first one or its successor. */
  onZygote(isSettled: boolean): void {
    if (isSettled && this.isUnsettled) {
      // When that one is gone, its spares hold alone what they shared with it.
      this.pool.replaceWaiting();
    }
    this.isUnsettled = !isSettled;
    this.isZygoteLost = false;
    this.pool.noteZygote(true);
  }

  /** Their zygote has died. Those that it has forked are as good as before. */
  onZygoteLost(): void {
    this.isZygoteLost = true;
    this.pool.noteZygote(false);
  }

  /** Ends all spares for good. */
  close(): void {
    clearTimeout(this.idle);
    this.isOpen = false;
    this.pool.close();
  }

  private async proveFirst(): Promise<void> {
    try {
      await abortable(this.owner.connected, this.owner.loss);
      this.pool.fill();
      await this.proveOften();
    } catch (error) {
      if (this.onDemand) {
        // The scripts that do without go on; who asks next tries again.
        this.rest();
      } else if (!this.owner.loss.aborted) {
        this.owner.fail((error as Error).message);
      }
      throw error;
    }
    this.isOpen = true;
    if (this.onDemand) {
      this.idle = setTimeout(() => this.rest(), this.onDemand.idleMs);
    }
  }

  private async proveOften(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { passed, breached, cause } = await this.owner.prove(await this.startedSpare());
      if (passed) {
        return;
      }
      if (breached || attempt === MAX_PROOFS || this.owner.loss.aborted) {
        throw new Error(cause);
      }
      // It could not be made: what made it was killed, or the machine is slow.
      this.owner.onFault(cause);
    }
  }

  /** Waits until the zygote has been started: a proof has less time. @throws Error when that takes too long. */
  private async startedSpare(): Promise<Spare> {
    const starting = new AbortController();
    const giveUp = (): void => starting.abort(new Error('its zygote did not become ready in time'));
    const timer = setTimeout(giveUp, this.startMs);
    try {
      return await abortable(this.pool.acquire(starting.signal), this.owner.loss);
    } finally {
      clearTimeout(timer);
    }
  }

  private rest(): void {
    clearTimeout(this.idle);
    this.idle = undefined;
    this.isOpen = false;
    this.opening = null;
    this.pool.rest();
  }
}
