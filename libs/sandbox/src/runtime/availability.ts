/**
 * Something that comes and goes, and those who wait for it. Who asks while it is being replaced waits; who asks after
 * it failed to come up is told so at once.
 */
export class Availability<T> {
  private value: T | null = null;
  private failure: Error | null = null;
  private readonly waiters = new Set<{ resolve(value: T): void; reject(error: Error): void }>();

  provide(value: T): void {
    this.value = value;
    this.failure = null;
    for (const waiter of [...this.waiters]) {
      waiter.resolve(value);
    }
  }

  /** It is gone, and will be replaced. */
  withdraw(value: T): void {
    if (this.value === value) {
      this.value = null;
    }
  }

  /** It did not come up. */
  fail(error: Error): void {
    this.value = null;
    this.failure = error;
    for (const waiter of [...this.waiters]) {
      waiter.reject(error);
    }
  }

  /** Waits for it. @throws Error why it did not come up; the signal's reason when it aborts first. */
  async get(signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.value !== null) {
      return this.value;
    }
    if (this.failure) {
      throw this.failure;
    }
    return new Promise<T>((resolve, reject) => {
      const settle = (): void => {
        this.waiters.delete(waiter);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => waiter.reject(signal.reason as Error);
      const waiter = {
        resolve: (value: T) => {
          settle();
          resolve(value);
        },
        reject: (error: Error) => {
          settle();
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiters.add(waiter);
    });
  }
}
