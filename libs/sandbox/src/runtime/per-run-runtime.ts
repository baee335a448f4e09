import type { ExecutionLimits } from '@pycell/contracts';
import type { RunEnd, RunReport, RunRequest } from '../executors/sandbox-executor';
import type { IsolationProof } from '../self-test/isolation-proof';
import type { SelfTestReport } from '../self-test/self-test';
import { ControlChannel } from './control-channel';
import { RunConversation } from './run-conversation';
import type { LaunchedRunner, RunnerCommand, RunnerLauncher } from './runner-launcher';
import { reportOfNoRun, type Runtime } from './runtime';
import { removeStaleFolders } from './socket-folder';
import { Spare } from './spare';

/** What one run takes from the host: how its runner is started, and what is given back when it is gone. */
export interface RunPlace {
  readonly command: RunnerCommand;
  readonly giveBack: () => Promise<void>;
}

export interface PerRunOptions {
  readonly limits: ExecutionLimits;
  readonly launch: RunnerLauncher;
  /** @throws Error of the system when the host cannot give what a run needs. */
  readonly prepare: () => Promise<RunPlace>;
}

/** A runner that does not get its run ready in this time is broken. Milliseconds. */
const START_TIMEOUT_MS = 20_000;
/** How long the runner may take to exit after its run. Milliseconds. */
const EXIT_TIMEOUT_MS = 2_000;

/** Starts a runner for each run. */
export class PerRunRuntime implements Runtime {
  private readonly closing = new AbortController();
  private readonly runs = new Set<Promise<void>>();
  private proving: Promise<SelfTestReport> | null = null;

  constructor(
    private readonly options: PerRunOptions,
    private readonly proof: IsolationProof,
  ) {}

  start(): void {
    // Left by a warm service, perhaps, which was killed.
    void removeStaleFolders();
    void this.selfTest();
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<RunReport> {
    const requestedAt = performance.now();
    if (!this.proof.holds) {
      const { passed, cause } = await this.selfTest();
      if (!passed) {
        return reportOfNoRun({ kind: 'unavailable', cause }, requestedAt);
      }
    }
    const first = await this.attempt(request, requestedAt, signal);
    const isLost = first.end.kind === 'unavailable' && !signal.aborted && !this.closing.signal.aborted;
    // Lost by no known fault of the script's: once more, and never a third time.
    return isLost ? this.attempt(request, requestedAt, signal) : first;
  }

  selfTest(): Promise<SelfTestReport> {
    // Those who ask at the same time share one.
    this.proving ??= this.proof
      .prove((request, signal) => this.attempt(request, performance.now(), signal))
      .finally(() => (this.proving = null));
    return this.proving;
  }

  async close(): Promise<void> {
    this.closing.abort(new Error('the service ends'));
    await Promise.all(this.runs);
  }

  private async attempt(request: RunRequest, requestedAt: number, signal: AbortSignal): Promise<RunReport> {
    const { command, giveBack } = await this.options.prepare();
    if (signal.aborted || this.closing.signal.aborted) {
      const end: RunEnd = signal.aborted
        ? { kind: 'cancelled' }
        : { kind: 'unavailable', cause: String(this.closing.signal.reason) };
      return reportOfNoRun(end, requestedAt, giveBack());
    }
    const runner = this.options.launch(command);
    // Without its control connection it ends the run, and whatever that started.
    const end = (): void => {
      runner.control.destroy();
      const overdue = setTimeout(() => runner.kill(), EXIT_TIMEOUT_MS);
      void runner.ended.then(() => clearTimeout(overdue));
    };
    this.closing.signal.addEventListener('abort', end, { once: true });
    const gone = runner.ended
      .then(() => giveBack())
      .finally(() => {
        this.closing.signal.removeEventListener('abort', end);
        this.runs.delete(gone);
      });
    this.runs.add(gone);
    return { ...(await this.converse(runner, request, requestedAt, signal)), gone };
  }

  private converse(
    runner: LaunchedRunner,
    request: RunRequest,
    requestedAt: number,
    signal: AbortSignal,
  ): Promise<RunReport> {
    return new Promise((resolve) => {
      let conversation: RunConversation | null = null;
      let cause: string | null = null;
      const fail = (why: string): void => {
        cause ??= why;
        runner.kill();
      };
      const starting = setTimeout(() => fail('the runner did not start in time'), START_TIMEOUT_MS);
      const onAbort = (): void => runner.kill();
      signal.addEventListener('abort', onAbort, { once: true });
      const control = new ControlChannel(runner.control, {
        onHello: () => undefined,
        onZygote: () => undefined,
        onBroken: fail,
      });
      const spare: Spare = new Spare(runner.connection, control, this.options.limits.maxResultBytes, {
        onReady: () => {
          clearTimeout(starting);
          // From here on the conversation ends the run in an orderly way.
          signal.removeEventListener('abort', onAbort);
          conversation = new RunConversation(spare, {
            limits: this.options.limits,
            requestedAt,
            onOverdue: fail,
          });
          void conversation.hold(request, signal).then((report) => {
            // It exits by itself when its run is gone.
            const late = setTimeout(() => runner.kill(), EXIT_TIMEOUT_MS);
            void runner.ended.then(() => clearTimeout(late));
            resolve(report);
          });
        },
        onLost: (why) => {
          if (why !== null) {
            fail(`the run could not be started: ${why}`);
          }
        },
      });
      void runner.ended.then(({ account }) => {
        clearTimeout(starting);
        signal.removeEventListener('abort', onAbort);
        control.close();
        spare.close();
        const why = cause ? `${cause} (${account})` : `the runner ended without a report: ${account}`;
        if (conversation) {
          conversation.lose(why);
        } else {
          const end = signal.aborted
            ? ({ kind: 'cancelled' } as const)
            : ({ kind: 'unavailable', cause: why } as const);
          resolve(reportOfNoRun(end, requestedAt));
        }
      });
    });
  }
}
