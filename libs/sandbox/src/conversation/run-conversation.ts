import { FIXED_LIMITS, type ExecutionLimits } from '@pycell/contracts';
import { FrameType, type Frame } from '../protocol/frames';
import { encodeRun, encodeStart, parseEndedMessage, type EndedMessage } from '../protocol/messages';
import { parseOutcomeMessage } from '../protocol/outcome-message';
import { findLongResultFlaw } from '../protocol/result-check';
import type { Outcome } from '../run/outcome';
import { MAX_DESCRIPTION_BYTES, type Run, type RunMode } from '../run/run';
import type { OutputFlow, RunObserver } from '../run/run-observer';
import type { RunResult } from '../run/run-result';
import { heldLimits } from '../run/held-limits';
import { afterLoopTime } from '../waiting/loop-time';
import { brokenChannel } from './broken-channel';
import { outcomeOfEnd } from './end-outcome';
import { usageOf } from './run-usage';
import type { ProcessListener, Spare } from './spare';

/**
 * From when a run must be over until it is overdue; the supervisor tells the end 250 ms after it has killed a run, even
 * if that is not dead yet. While a run is overdue, the supervisor is asked for signs of life. Milliseconds.
 */
const OVERDUE_MS = 500;
/**
 * How long the end of an overdue run is waited for; then it is answered without, which costs nobody but its own place:
 * that is free when the run is gone. Milliseconds of time in which this process ran.
 */
const UNTOLD_MS = 1_000;
/** The same for a run whose outcome is known: until then a supervisor that does not live has been given up. */
const UNTOLD_WITH_OUTCOME_MS = 5_000;
const UNTOLD: Outcome = {
  status: 'SANDBOX_UNAVAILABLE',
  cause: 'the supervisor did not tell of the end in time',
};

/** How long the run may take to take what comes with its script; a file of megabytes needs a few hundredths. */
const HAND_OVER_MS = 10_000;
const UNTAKEN: Outcome = { status: 'SANDBOX_UNAVAILABLE', cause: 'the run did not take its script in time' };

/**
 * The supervisor is told of the start only when the script has not ended at once: most have, and every message to it
 * may take the processor from the run. Milliseconds by which the deadline is late.
 */
const CLOCK_DELAY_MS = 2;

export interface ConversationOptions {
  /** Those of the service; a run may have chosen within them. */
  readonly limits: ExecutionLimits;
  /** When the request for this run came, by `performance.now()`. */
  readonly requestedAt: number;
  /** That a run begins again is not a matter of one conversation. */
  readonly observer: Omit<RunObserver, 'onRestart'>;
}

/**
 * Talks with a spare and its supervisor about one run: hands the script over, passes on what comes, asks for the end.
 * The observer holds the output back by it.
 */
export class RunConversation implements ProcessListener, OutputFlow {
  private limits: ExecutionLimits;
  private mode: RunMode = 'function';
  private startedAt = 0;
  /** What the run told; it is looked at while the supervisor ends the run. */
  private told: Promise<Outcome> | null = null;
  /** When that was complete, by `performance.now()`. */
  private toldAt: number | null = null;
  private ended: EndedMessage | null = null;
  /** An outcome that the service itself brought about; it wins over what the supervisor tells afterwards. */
  private imposed: Outcome | null = null;
  private isGone = false;
  /** The observer knows that the script has been handed over. */
  private hasBegun = false;
  private isPaused = false;
  private stopExpecting: () => void = () => undefined;
  /** Takes back that signs of life are demanded: until the end is told, also when the answer could not wait for it. */
  private releaseDemand: () => void = () => undefined;
  private clock: NodeJS.Timeout | undefined;
  private settle!: (result: RunResult) => void;

  constructor(
    private readonly spare: Spare,
    private readonly options: ConversationOptions,
  ) {
    this.limits = options.limits;
  }

  /** Never rejects. When it settles the run has ended; the observer hears when its process is gone. */
  hold(run: Run, signal: AbortSignal): Promise<RunResult> {
    const limits = heldLimits(this.options.limits, run.limits);
    this.limits = limits;
    this.mode = run.mode;
    return new Promise((resolve) => {
      const onAbort = (): void => this.impose({ status: 'CANCELLED' });
      this.settle = (result) => {
        signal.removeEventListener('abort', onAbort);
        this.stopExpecting();
        clearTimeout(this.clock);
        resolve(result);
      };
      this.startedAt = performance.now();
      const handOver = this.spare.begin(encodeRun(run), this, () => this.startClock());
      if (!handOver) {
        this.lose('the spare ended before it had its script');
        return;
      }
      if (handOver === 'sent') {
        this.startClock();
      } else {
        this.expectEnd(HAND_OVER_MS, UNTAKEN);
      }
      if (signal.aborted) {
        onAbort();
      } else {
        signal.addEventListener('abort', onAbort, { once: true });
      }
    });
  }

  pause(): void {
    this.setPaused(true);
  }

  resume(): void {
    this.setPaused(false);
  }

  /** Where the end is on its way the supervisor passes on all that is left, whatever it was told before. */
  private setPaused(isPaused: boolean): void {
    if (this.isPaused !== isPaused && !this.isEnding) {
      this.isPaused = isPaused;
      this.spare.control.send(isPaused ? FrameType.Pause : FrameType.Resume, this.spare.number);
    }
  }

  /** Nothing is to be asked of the run any more. */
  private get isEnding(): boolean {
    return Boolean(this.told ?? this.ended ?? this.imposed) || this.isGone;
  }

  /** Tells the observer that the script has been handed over: what a run says or prints shows it, should that come first. */
  private begin(): void {
    if (!this.hasBegun) {
      this.hasBegun = true;
      this.options.observer.onBegin(this);
    }
  }

  /** Starts the clock of the script, which does not run while megabytes that come with it are handed over. */
  private startClock(): void {
    if (this.isEnding) {
      return;
    }
    const { control, number } = this.spare;
    this.startedAt = performance.now();
    this.expectEnd(this.timeoutMs, { status: 'TIMEOUT' });
    this.clock = setTimeout(
      () => control.send(FrameType.Start, number, encodeStart(this.limits)),
      CLOCK_DELAY_MS,
    );
    this.begin();
  }

  /** The runner is gone, and every process of it. `cause` is for the log. */
  lose(cause: string): void {
    // Once the supervisor has told the end, that stands: a long result may still be looked at.
    if (!this.ended) {
      // One that had reached its deadline is not run again: it may be what the runner died of.
      const lost: Outcome = this.isPastDeadline
        ? { status: 'TIMEOUT' }
        : { status: 'SANDBOX_UNAVAILABLE', cause };
      this.finish(this.imposed ?? lost);
    }
    this.beGone();
  }

  /** What the run says: exactly one OUTCOME, and nothing after it. */
  onFrame(frame: Frame): void {
    if (this.told || this.imposed) {
      return;
    }
    if (frame.type !== FrameType.Outcome) {
      this.impose(brokenChannel('it sent a message that runs do not send'));
      return;
    }
    this.begin();
    clearTimeout(this.clock);
    this.spare.hearOut();
    this.toldAt = performance.now();
    this.told = this.readOutcome(frame.payload);
    this.spare.control.send(FrameType.Finish, this.spare.number);
    this.expectEnd(0, UNTOLD, UNTOLD_WITH_OUTCOME_MS);
  }

  onMalformed(): void {
    if (!this.told) {
      this.impose(brokenChannel('it sent what is no message, or one in very small pieces'));
    }
  }

  onSupervisor({ type, payload }: Frame): void {
    switch (type) {
      case FrameType.Stdout:
      case FrameType.Stderr:
        this.begin();
        this.options.observer.onOutput(type === FrameType.Stdout ? 'stdout' : 'stderr', payload);
        break;
      case FrameType.Ended:
        this.ended = parseEndedMessage(payload);
        void this.conclude(this.ended);
        break;
      case FrameType.Gone:
        this.spare.close();
        this.beGone();
        break;
      default:
        break;
    }
  }

  private beGone(): void {
    if (!this.isGone) {
      this.isGone = true;
      this.releaseDemand();
      this.options.observer.onGone();
    }
  }

  /** Ends the run for a reason of the service's own. */
  private impose(outcome: Outcome): void {
    this.imposed ??= outcome;
    clearTimeout(this.clock);
    this.spare.hearOut();
    this.spare.control.send(FrameType.Cancel, this.spare.number);
    this.expectEnd(0, outcome);
  }

  /** Expects the end within `delayMs`; `untold` is the outcome if nobody tells of it. */
  private expectEnd(delayMs: number, untold: Outcome, untoldMs = UNTOLD_MS): void {
    this.stopExpecting();
    const overdue = setTimeout(() => {
      this.releaseDemand();
      this.releaseDemand = this.spare.control.demandLife();
      const patience = afterLoopTime(untoldMs, () => {
        this.imposed ??= untold;
        this.spare.control.send(FrameType.Cancel, this.spare.number);
        this.finish(this.imposed);
      });
      this.stopExpecting = () => patience.cancel();
    }, delayMs + OVERDUE_MS);
    this.stopExpecting = () => clearTimeout(overdue);
  }

  private get timeoutMs(): number {
    return this.limits.timeoutSeconds * 1000;
  }

  private get isPastDeadline(): boolean {
    return !this.told && performance.now() - this.startedAt >= this.timeoutMs;
  }

  private async conclude(ended: EndedMessage): Promise<void> {
    // The rest is a matter of this process: the supervisor has done its part.
    this.stopExpecting();
    this.releaseDemand();
    // What the run had told before it ended stands, unless it printed more than it may.
    const told = ended.status !== 'OUTPUT_LIMIT' && !this.imposed ? await this.told : null;
    this.finish(this.imposed ?? told ?? outcomeOfEnd(ended));
  }

  private async readOutcome(payload: Buffer): Promise<Outcome> {
    const maxResultBytes = this.mode === 'validate' ? MAX_DESCRIPTION_BYTES : this.limits.maxResultBytes;
    try {
      const outcome = parseOutcomeMessage(payload, this.limits);
      if (outcome.status !== 'OK') {
        return outcome;
      }
      if (outcome.result.length > maxResultBytes) {
        return brokenChannel('its result is larger than the limit');
      }
      const flaw = await findLongResultFlaw(outcome.result, FIXED_LIMITS.resultDepth);
      return flaw ? brokenChannel(`its ${flaw}`) : outcome;
    } catch {
      // MessageError: the script's process wrote this frame, so its form cannot be relied on.
      return brokenChannel('its outcome is malformed');
    }
  }

  private finish(outcome: Outcome): void {
    const { ended, startedAt, toldAt } = this;
    const sinceStart = performance.now() - startedAt;
    // The supervisor hears of start and outcome a little later than we do.
    const runMs = toldAt === null ? Math.min(ended?.runMs ?? sinceStart, sinceStart) : toldAt - startedAt;
    this.settle({
      outcome,
      startMs: startedAt - this.options.requestedAt,
      runMs,
      resultMs: sinceStart - runMs,
      ...usageOf(ended, this.spare.ready),
    });
  }
}
