import { ExecutionCancelled } from './execution-failure';
import { unavailable } from './failure-of-outcome';

/** What is being done for clients, and how to end it. */
export class InFlight {
  /** The signal's reason is what the client is told. */
  private readonly ends = new Map<Promise<unknown>, AbortController>();

  /** Does something with what aborts when the client goes away, or the service does. */
  async follow<T>(client: AbortSignal, act: (ending: AbortController) => Promise<T>): Promise<T> {
    // Not AbortSignal.any: on Node 20 it keeps every signal that was ever made from one that lives as long as the service.
    const ending = new AbortController();
    const onClientGone = (): void => ending.abort(new ExecutionCancelled());
    client.addEventListener('abort', onClientGone, { once: true });
    if (client.aborted) {
      onClientGone();
    }
    const acting = act(ending);
    this.ends.set(acting, ending);
    try {
      return await acting;
    } finally {
      client.removeEventListener('abort', onClientGone);
      this.ends.delete(acting);
    }
  }

  /** Waits for at most `graceMs`, then ends what is left. Settles when each has been answered. */
  async drain(graceMs: number): Promise<void> {
    const timer = setTimeout(() => {
      for (const ending of this.ends.values()) {
        ending.abort(unavailable('the service shut down before the run had ended'));
      }
    }, graceMs);
    await Promise.allSettled([...this.ends.keys()]);
    clearTimeout(timer);
  }
}
