import { ExecutionFailure } from './execution-failure';

/** A batch can take minutes: nobody knows when the next one ends. */
const RETRY_AFTER_SECONDS = 10;

/**
 * Bounds the batches that are open. They wait outside of the queue, for as long as it takes: without a bound one client could
 * have every connection that the service has room for wait with a batch, and nobody would get through to it any more.
 */
export class OpenBatches {
  private readonly byCaller = new Map<string, number>();
  private readonly mostOfCaller: number;
  private open = 0;

  /** @param most how many there may be; of one caller half of them, one at least */
  constructor(private readonly most: number) {
    this.mostOfCaller = Math.ceil(most / 2);
  }

  /** How many there are now. */
  get count(): number {
    return this.open;
  }

  /** Counts a batch of a caller while something is done for it. @throws ExecutionFailure where there are too many */
  async during<T>(caller: string, act: () => Promise<T>): Promise<T> {
    const own = this.byCaller.get(caller) ?? 0;
    if (own >= this.mostOfCaller || this.open >= this.most) {
      throw this.refusal(own);
    }
    this.open++;
    this.byCaller.set(caller, own + 1);
    try {
      return await act();
    } finally {
      this.leave(caller);
    }
  }

  private leave(caller: string): void {
    this.open--;
    const left = (this.byCaller.get(caller) ?? 0) - 1;
    if (left > 0) {
      this.byCaller.set(caller, left);
    } else {
      this.byCaller.delete(caller);
    }
  }

  private refusal(own: number): ExecutionFailure {
    const why =
      own >= this.mostOfCaller
        ? `${own} batches of yours are open, the limit is ${this.mostOfCaller}`
        : `${this.open} batches are open, the limit is ${this.most}`;
    return new ExecutionFailure('SANDBOX_BUSY', `The sandbox is busy: ${why}. Wait until one has ended.`, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}
