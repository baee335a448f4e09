import type { Outcome } from '../run/outcome';
import type { OutputFlow, OutputStream, RunObserver } from '../run/run-observer';
import type { RunResult } from '../run/run-result';

/** One attempt's view of the observer: silent once the attempt is over. */
class AttemptObserver implements RunObserver {
  private isOver = false;

  constructor(
    private readonly observer: RunObserver,
    readonly onGone: () => void,
  ) {}

  onBegin(flow: OutputFlow): void {
    if (!this.isOver) {
      this.observer.onBegin(flow);
    }
  }

  onOutput(stream: OutputStream, bytes: Buffer): void {
    if (!this.isOver) {
      this.observer.onOutput(stream, bytes);
    }
  }

  onRestart(): boolean {
    return this.observer.onRestart();
  }

  end(): void {
    this.isOver = true;
  }
}

/**
 * Makes an attempt, and where its sandbox was lost under it or the host killed it, by no known fault of the script's, a
 * second one: never a third, and none when `mayRetry` says no or what came was passed on. A run that had reached its
 * deadline or was cancelled has an outcome that says so, whatever became of its sandbox: it is never run again. The observer hears that the run is gone when all attempts are.
 */
export async function withOneRetry(
  observer: RunObserver,
  mayRetry: () => boolean,
  attempt: (observer: RunObserver) => Promise<RunResult>,
): Promise<RunResult> {
  // One more than there are attempts under way: the last to settle is this function.
  let open = 1;
  const close = (): void => {
    if (--open === 0) {
      observer.onGone();
    }
  };
  const make = async (): Promise<RunResult> => {
    open++;
    const own = new AttemptObserver(observer, close);
    try {
      return await attempt(own);
    } catch (error) {
      // The host could not give what it needs: nothing of it ran, so nobody else tells that it is gone.
      close();
      throw error;
    } finally {
      own.end();
    }
  };
  try {
    const first = await make();
    const { status } = first.outcome;
    const isLost = status === 'SANDBOX_UNAVAILABLE' || status === 'KILLED';
    return isLost && mayRetry() && observer.onRestart() ? await make() : first;
  } finally {
    close();
  }
}

/** Returns the result of an attempt that no process took part in, and tells the observer so. */
export function resultWithoutRun(
  outcome: Outcome,
  requestedAt: number,
  observer?: Pick<RunObserver, 'onGone'>,
): RunResult {
  observer?.onGone();
  return { outcome, startMs: performance.now() - requestedAt, runMs: 0, resultMs: 0 };
}
