import { resultWithoutRun, withOneRetry } from '../conversation/one-retry';
import { removeStaleFolders } from '../host/socket-folder';
import type { ExecutorRecipe, PerRunLaunch } from '../launch/recipe';
import type { RunnerLauncher } from '../launch/runner-launcher';
import type { Run } from '../run/run';
import { NO_OBSERVER, type RunObserver } from '../run/run-observer';
import type { RunResult } from '../run/run-result';
import type { SelfTestReport } from '../run/self-test-report';
import { ProvedExecutor } from '../self-test/proved-executor';
import { lastingAbort } from '../waiting/lasting-abort';
import { SingleRunJail } from './single-run-jail';

/** Starts a runner for each run. */
export class PerRunExecutor extends ProvedExecutor {
  readonly zygotes = null;
  readonly engine = null;
  private readonly closing = lastingAbort();
  private readonly runs = new Set<Promise<void>>();
  private proving: Promise<SelfTestReport> | null = null;

  constructor(
    recipe: ExecutorRecipe,
    private readonly way: PerRunLaunch,
    private readonly launch: RunnerLauncher,
  ) {
    super(recipe);
  }

  start(): void {
    // Left by a warm service, perhaps, which was killed.
    void removeStaleFolders();
    void this.selfTest();
  }

  async run(run: Run, observer: RunObserver, signal: AbortSignal): Promise<RunResult> {
    const requestedAt = performance.now();
    if (!this.proof.holds) {
      const { passed, cause } = await this.selfTest();
      if (!passed) {
        return resultWithoutRun({ status: 'SANDBOX_UNAVAILABLE', cause }, requestedAt, observer);
      }
    }
    const mayRetry = (): boolean => !signal.aborted && !this.closing.signal.aborted;
    return withOneRetry(observer, mayRetry, (attempt) => this.attempt(run, requestedAt, attempt, signal));
  }

  selfTest(): Promise<SelfTestReport> {
    // Those who ask at the same time share one.
    this.proving ??= this.proof
      .prove((run, signal) => this.attempt(run, performance.now(), NO_OBSERVER, signal))
      .finally(() => (this.proving = null));
    return this.proving;
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the service ends'));
    await Promise.all(this.runs);
  }

  private async attempt(
    run: Run,
    requestedAt: number,
    observer: RunObserver,
    signal: AbortSignal,
  ): Promise<RunResult> {
    const { command, release } = await this.way.prepare();
    if (signal.aborted || this.closing.signal.aborted) {
      void release().then(() => observer.onGone());
      return signal.aborted
        ? resultWithoutRun({ status: 'CANCELLED' }, requestedAt)
        : resultWithoutRun(
            { status: 'SANDBOX_UNAVAILABLE', cause: String(this.closing.signal.reason) },
            requestedAt,
          );
    }
    const runner = this.launch(command);
    const jail = new SingleRunJail(runner, this.recipe.limits);
    const end = (): void => jail.stop();
    this.closing.signal.addEventListener('abort', end, { once: true });
    const gone = runner.ended
      .then(() => release())
      .finally(() => {
        this.closing.signal.removeEventListener('abort', end);
        this.runs.delete(gone);
        observer.onGone();
      });
    this.runs.add(gone);
    return jail.visit(run, { requestedAt, observer, signal });
  }
}
