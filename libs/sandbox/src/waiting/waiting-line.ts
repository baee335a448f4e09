interface Waiter<T> {
  readonly since: number;
  serve(value: T): void;
  /** @param refusal asked for when it has left */
  refuse(refusal: () => Error): void;
  before: Waiter<T> | null;
  after: Waiter<T> | null;
}

/** How long one waits at most, and what it is told then. */
export interface Deadline {
  readonly ms: number;
  readonly refusal: () => Error;
}

/** Those who wait for something, first come first served. Each may stop waiting by its signal. */
export class WaitingLine<T> {
  // Linked, so that whoever came first or last is found at once, and whoever leaves is found by itself.
  private first: Waiter<T> | null = null;
  private last: Waiter<T> | null = null;
  private count = 0;

  /** @param onLeave is called for each who waits no longer, for whatever reason; it must not let anybody in or out */
  constructor(private readonly onLeave?: () => void) {}

  get length(): number {
    return this.count;
  }

  /**
   * Waits to be served.
   * @throws the signal's reason when it aborts first; the deadline's refusal; what `refuseNewest` or `refuseAll` says.
   */
  wait(signal: AbortSignal, deadline?: Deadline): Promise<T> {
    if (signal.aborted) {
      return Promise.reject(signal.reason as Error);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.remove(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter<T> = {
        since: performance.now(),
        serve: (value) => {
          leave();
          resolve(value);
        },
        refuse: (refusal) => {
          leave();
          reject(refusal());
        },
        before: null,
        after: null,
      };
      const onAbort = (): void => waiter.refuse(() => signal.reason as Error);
      const timer = deadline && setTimeout(() => waiter.refuse(deadline.refusal), deadline.ms);
      signal.addEventListener('abort', onAbort, { once: true });
      this.add(waiter);
    });
  }

  /** Serves whoever has waited longest with what `make` returns, given for how long. Returns false when nobody waits. */
  serve(make: (waitedMs: number) => T): boolean {
    const { first } = this;
    first?.serve(make(performance.now() - first.since));
    return first !== null;
  }

  /** Serves all with the same. */
  serveAll(value: T): void {
    for (let left = this.count; left > 0; left--) {
      this.first?.serve(value);
    }
  }

  /** Refuses whoever came last with what `refusal` returns, which is asked for when that one has left. */
  refuseNewest(refusal: () => Error): void {
    this.last?.refuse(refusal);
  }

  /** Refuses all, each with what `refusal` returns. */
  refuseAll(refusal: () => Error): void {
    for (let left = this.count; left > 0; left--) {
      this.first?.refuse(refusal);
    }
  }

  private add(waiter: Waiter<T>): void {
    waiter.before = this.last;
    if (this.last) {
      this.last.after = waiter;
    } else {
      this.first = waiter;
    }
    this.last = waiter;
    this.count++;
  }

  private remove(waiter: Waiter<T>): void {
    const { before, after } = waiter;
    if (before) {
      before.after = after;
    } else {
      this.first = after;
    }
    if (after) {
      after.before = before;
    } else {
      this.last = before;
    }
    this.count--;
    this.onLeave?.();
  }
}
