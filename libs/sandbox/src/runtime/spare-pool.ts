import type { Duplex } from 'node:stream';
import { Spare } from './spare';
import type { ControlChannel } from './control-channel';

export interface SparePoolOptions {
  /** How many spares are kept. */
  readonly size: number;
  readonly maxResultBytes: number;
  /** Opens a connection, upon which a zygote forks a spare. */
  readonly connect: () => Duplex;
  /** A spare has become ready, or warm, and waits: there may be time to warm another, of any kind. */
  readonly onIdle: () => void;
  /** Whether there is a processor with nothing better to do than to warm a spare. */
  readonly hasTimeToWarm: () => boolean;
  /** A spare that was asked for did not come up in a time in which any would. */
  readonly onStuck: () => void;
  /** The socket is not there any more: something has cleared the folder. */
  readonly onUnreachable: () => void;
  /** A spare could not become one; for the log. */
  readonly onFault: (cause: string) => void;
  /** A spare that was ready ended without having been used. */
  readonly onUnused: (run: number) => void;
}

interface Waiter {
  give(spare: Spare): void;
}

/** Between attempts to get a spare where they do not come up: doubled each time, up to the largest. Milliseconds. */
const FIRST_DELAY_MS = 10;
const LARGEST_DELAY_MS = 1_000;
/** Loading the packages on a slow machine, and then some. */
const STUCK_MS = 15_000;

/** Spares of one zygote, forked ahead. Hands out the best that is ready; who finds none waits, first come first served. */
export class SparePool {
  private readonly coming = new Set<Spare>();
  private readonly warming = new Set<Spare>();
  private readonly idle = new Set<Spare>();
  private readonly waiters = new Set<Waiter>();
  private delayMs = 0;
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly control: ControlChannel,
    private readonly options: SparePoolOptions,
  ) {}

  /** Spares that are being forked or made warm: work that takes a processor. */
  get busy(): number {
    return this.coming.size + this.warming.size;
  }

  /** Asks for as many spares as are missing. */
  fill(): void {
    const wanted = this.options.size + this.waiters.size;
    while (!this.closed && !this.retry && this.coming.size + this.warming.size + this.idle.size < wanted) {
      this.request();
    }
  }

  /** Warms one spare, if there is time. */
  warmOne(): void {
    const cold = [...this.idle].find((spare) => !spare.warm);
    if (cold && !this.closed && this.options.hasTimeToWarm()) {
      this.idle.delete(cold);
      this.warming.add(cold);
      cold.askToWarm();
    }
  }

  /** Waits for a spare. @throws the signal's reason when it aborts first. */
  acquire(signal: AbortSignal): Promise<Spare> {
    signal.throwIfAborted();
    const spare = this.best();
    if (spare) {
      this.idle.delete(spare);
      return Promise.resolve(spare);
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.waiters.delete(waiter);
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        give: (found) => {
          this.waiters.delete(waiter);
          signal.removeEventListener('abort', onAbort);
          resolve(found);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiters.add(waiter);
      this.fill();
    });
  }

  /** Ends all spares. Who waits keeps waiting until its signal aborts. */
  close(): void {
    this.closed = true;
    clearTimeout(this.retry);
    for (const spare of [...this.coming, ...this.warming, ...this.idle]) {
      spare.close();
    }
  }

  private best(): Spare | undefined {
    let best: Spare | undefined;
    for (const spare of this.idle) {
      if (spare.warm) {
        return spare;
      }
      best ??= spare;
    }
    return best;
  }

  private request(): void {
    const overdue = setTimeout(() => this.options.onStuck(), STUCK_MS);
    const spare: Spare = new Spare(this.options.connect(), this.control, this.options.maxResultBytes, {
      onReady: () => {
        clearTimeout(overdue);
        this.becomeReady(spare);
      },
      onLost: (cause, code) => {
        clearTimeout(overdue);
        this.lose(spare, cause, code);
      },
    });
    this.coming.add(spare);
  }

  private becomeReady(spare: Spare): void {
    this.coming.delete(spare);
    spare.warm = this.warming.delete(spare);
    this.delayMs = 0;
    const [waiter] = this.waiters;
    if (waiter) {
      waiter.give(spare);
    } else {
      this.idle.add(spare);
      this.options.onIdle();
    }
  }

  private lose(spare: Spare, cause: string | null, code?: string): void {
    const cameUp = !this.coming.delete(spare);
    this.warming.delete(spare);
    this.idle.delete(spare);
    if (cause !== null && !this.closed) {
      this.options.onFault(cause);
    }
    if (cameUp) {
      this.options.onUnused(spare.number);
    }
    if (code === 'ENOENT') {
      this.options.onUnreachable();
    }
    if (this.closed || this.retry) {
      return;
    }
    // One that was ready is replaced at once; those that do not come up are not asked for in a tight loop.
    this.delayMs = cameUp ? 0 : Math.min(Math.max(2 * this.delayMs, FIRST_DELAY_MS), LARGEST_DELAY_MS);
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.fill();
    }, this.delayMs);
  }
}
