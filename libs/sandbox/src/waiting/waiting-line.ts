interface Waiter<T> {
  readonly since: number;
  serve(value: T): void;
  refuse(error: Error): void;
}

/** How long one waits at most, and what it is told then. */
export interface Deadline {
  readonly ms: number;
  readonly refusal: () => Error;
}

/** Those who wait for something, first come first served. Each may stop waiting by its signal. */
export class WaitingLine<T> {
  private readonly waiters = new Set<Waiter<T>>();

  get length(): number {
    return this.waiters.size;
  }

  /**
   * Waits to be served.
   * @throws the signal's reason when it aborts first; the deadline's refusal; what `refuseAll` says.
   */
  wait(signal: AbortSignal, deadline?: Deadline): Promise<T> {
    if (signal.aborted) {
      return Promise.reject(signal.reason as Error);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiters.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter<T> = {
        since: performance.now(),
        serve: (value) => {
          leave();
          resolve(value);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const onAbort = (): void => waiter.refuse(signal.reason as Error);
      const timer = deadline && setTimeout(() => waiter.refuse(deadline.refusal()), deadline.ms);
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiters.add(waiter);
    });
  }

  /** Serves whoever has waited longest with what `make` returns, given for how long. Returns false when nobody waits. */
  serve(make: (waitedMs: number) => T): boolean {
    const [first] = this.waiters;
    first?.serve(make(performance.now() - first.since));
    return first !== undefined;
  }

  /** Serves all with the same. */
  serveAll(value: T): void {
    for (const waiter of [...this.waiters]) {
      waiter.serve(value);
    }
  }

  /** Refuses all, each with what `refusal` returns. */
  refuseAll(refusal: () => Error): void {
    for (const waiter of [...this.waiters]) {
      waiter.refuse(refusal());
    }
  }
}
