import { WaitingLine } from '../waiting/waiting-line';

/**
 * Something that comes and goes, and those who wait for it. Who asks while it is being replaced waits; who asks after
 * it failed to come up is told so at once.
 */
export class Availability<T> {
  private value: T | null = null;
  private failure: Error | null = null;
  private readonly line = new WaitingLine<T>();

  provide(value: T): void {
    this.value = value;
    this.failure = null;
    this.line.serveAll(value);
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
    this.line.refuseAll(() => error);
  }

  /** What is there now, null where one would have to wait or hear why not. */
  get present(): T | null {
    return this.value;
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
    return this.line.wait(signal);
  }
}
