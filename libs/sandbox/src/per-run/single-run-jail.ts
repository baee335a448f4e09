import type { ExecutionLimits } from '@pycell/contracts';
import { ControlChannel } from '../conversation/control-channel';
import { resultWithoutRun } from '../conversation/one-retry';
import { RunConversation } from '../conversation/run-conversation';
import { Spare } from '../conversation/spare';
import type { LaunchedRunner } from '../launch/runner-launcher';
import { maxOutcomeBytes } from '../protocol/outcome-message';
import type { Run } from '../run/run';
import type { RunObserver } from '../run/run-observer';
import type { RunResult } from '../run/run-result';
import { abortable } from '../waiting/abortable';
import { afterLoopTime } from '../waiting/loop-time';

/** A runner that does not get its run ready in this time is broken, or stands still. Milliseconds of time in which this process ran. */
const START_TIMEOUT_MS = 5_000;
/** How long the runner may take to exit after its run. Milliseconds. */
const EXIT_TIMEOUT_MS = 2_000;

/** What a run in a jail of its own comes with. */
export interface SingleVisit {
  /** When the request came, by `performance.now()`. */
  readonly requestedAt: number;
  /** The run is gone when its runner is: that is not told here. */
  readonly observer: Pick<RunObserver, 'onBegin' | 'onOutput'>;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/** One started runner of a single run. */
export class SingleRunJail {
  private readonly control: ControlChannel;
  private readonly spare: Spare;
  /** Settles when the spare is ready. */
  private readonly ready: Promise<void>;
  /** Aborts when the runner has ended, with the reason for the log. */
  private readonly loss = new AbortController();
  /** The first reason to end it. */
  private cause: string | null = null;

  constructor(
    private readonly runner: LaunchedRunner,
    private readonly limits: ExecutionLimits,
  ) {
    this.control = new ControlChannel(runner.control, {
      onHello: () => undefined,
      onZygote: () => undefined,
      onLost: () => undefined,
      onBroken: (cause) => this.fail(cause),
    });
    let onReady!: () => void;
    this.ready = new Promise((resolve) => (onReady = resolve));
    this.spare = new Spare(runner.connection, this.control, maxOutcomeBytes(limits), {
      onReady,
      onLost: ({ cause }) => {
        if (cause !== null) {
          this.fail(`the run could not be started: ${cause}`);
        }
      },
    });
    void runner.ended.then(({ account }) => {
      this.control.close();
      this.spare.close();
      const why = this.cause ? `${this.cause} (${account})` : `the runner ended without a report: ${account}`;
      this.loss.abort(new Error(why));
    });
  }

  /** Runs the script. Never rejects. */
  async visit(run: Run, { requestedAt, observer, signal }: SingleVisit): Promise<RunResult> {
    const lossReason = (): string => (this.loss.signal.reason as Error).message;
    try {
      await this.start(signal);
    } catch {
      // It is lost, or killed because the client went away: its end tells.
      return signal.aborted
        ? resultWithoutRun({ status: 'CANCELLED' }, requestedAt)
        : resultWithoutRun({ status: 'SANDBOX_UNAVAILABLE', cause: lossReason() }, requestedAt);
    }
    const { limits } = this;
    const conversation = new RunConversation(this.spare, {
      limits,
      requestedAt,
      observer: {
        onBegin: (flow) => observer.onBegin(flow),
        onOutput: (stream, bytes) => observer.onOutput(stream, bytes),
        onGone: () => undefined,
      },
    });
    const held = conversation.hold(run, signal);
    const lose = (): void => conversation.lose(lossReason());
    if (this.loss.signal.aborted) {
      lose();
    } else {
      this.loss.signal.addEventListener('abort', lose, { once: true });
    }
    const result = await held;
    // It exits by itself when its run is gone.
    this.killAfter(EXIT_TIMEOUT_MS);
    return result;
  }

  /** Ends the runner in an orderly way: without its control connection it ends the run, and whatever that started. */
  stop(): void {
    this.control.close();
    this.killAfter(EXIT_TIMEOUT_MS);
  }

  /** Waits until the spare is ready. @throws Error when that is not to be; the runner has ended then. */
  private async start(signal: AbortSignal): Promise<void> {
    const overdue = afterLoopTime(START_TIMEOUT_MS, () => this.fail('the runner did not start in time'));
    const onAbort = (): void => this.runner.kill();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await abortable(this.ready, this.loss.signal);
    } finally {
      overdue.cancel();
      // From here on the conversation ends the run in an orderly way.
      signal.removeEventListener('abort', onAbort);
    }
  }

  private fail(cause: string): void {
    this.cause ??= cause;
    this.runner.kill();
  }

  private killAfter(delayMs: number): void {
    const overdue = setTimeout(() => this.runner.kill(), delayMs);
    void this.runner.ended.then(() => clearTimeout(overdue));
  }
}
