import { FIXED_LIMITS, type ExecutionLimits } from '@pycell/contracts';
import { FrameType, type Frame } from '../protocol/frames';
import { encodeRun, encodeStart, parseEndedMessage, type EndedMessage } from '../protocol/messages';
import { parseOutcomeMessage } from '../protocol/outcome-message';
import { findLongResultFlaw } from '../protocol/result-check';
import type { Outcome } from '../run/outcome';
import type { Run } from '../run/run';
import type { RunObserver } from '../run/run-observer';
import type { RunResult } from '../run/run-result';
import { outcomeOfEnd } from './end-outcome';
import type { ProcessListener, Spare } from './spare';

/** A backstop: the supervisor keeps the real deadlines, this is for one that does not. Milliseconds. */
const OVERDUE_MS = 2_000;
/** Not the script's doing, whatever it does: a script that runs too long is told by the supervisor. */
const OVERDUE: Outcome = {
  status: 'SANDBOX_UNAVAILABLE',
  cause: 'the supervisor did not tell of the end in time',
};

/**
 * The supervisor is told of the start only when the script has not ended at once: most have, and every message to it
 * may take the processor from the run. Milliseconds by which the deadline is late.
 */
const CLOCK_DELAY_MS = 2;

export interface ConversationOptions {
  readonly limits: ExecutionLimits;
  /** When the request for this run came, by `performance.now()`. */
  readonly requestedAt: number;
  readonly observer: RunObserver;
  /** Called when the supervisor does not answer: it must be ended, and with it the run. */
  readonly onOverdue: (cause: string) => void;
}

/** Talks with a spare and its supervisor about one run: hands the script over, passes on what comes, asks for the end. */
export class RunConversation implements ProcessListener {
  private startedAt = 0;
  /** What the run told; it is looked at while the supervisor ends the run. */
  private told: Promise<Outcome> | null = null;
  /** When that was complete, by `performance.now()`. */
  private toldAt: number | null = null;
  private ended: EndedMessage | null = null;
  /** An outcome that the service itself brought about; it wins over what the supervisor tells afterwards. */
  private imposed: Outcome | null = null;
  private isGone = false;
  private watchdog: NodeJS.Timeout | undefined;
  private clock: NodeJS.Timeout | undefined;
  private settle!: (result: RunResult) => void;

  constructor(
    private readonly spare: Spare,
    private readonly options: ConversationOptions,
  ) {}

  /** Never rejects. When it settles the run has ended; the observer hears when its process is gone. */
  hold(run: Run, signal: AbortSignal): Promise<RunResult> {
    const { control, number } = this.spare;
    const { limits } = this.options;
    return new Promise((resolve) => {
      const onAbort = (): void => this.impose({ status: 'CANCELLED' });
      this.settle = (result) => {
        signal.removeEventListener('abort', onAbort);
        clearTimeout(this.watchdog);
        clearTimeout(this.clock);
        resolve(result);
      };
      this.startedAt = performance.now();
      if (!this.spare.begin(encodeRun(run), this)) {
        this.lose('the spare ended before it had its script');
        return;
      }
      this.expectWithin(limits.timeoutSeconds * 1000 + OVERDUE_MS, OVERDUE);
      this.clock = setTimeout(
        () => control.send(FrameType.Start, number, encodeStart(limits)),
        CLOCK_DELAY_MS,
      );
      if (signal.aborted) {
        onAbort();
      } else {
        signal.addEventListener('abort', onAbort, { once: true });
      }
    });
  }

  /** The runner is gone, and every process of it. `cause` is for the log. */
  lose(cause: string): void {
    // Once the supervisor has told the end, that stands: a long result may still be looked at.
    if (!this.ended) {
      this.finish(this.imposed ?? { status: 'SANDBOX_UNAVAILABLE', cause });
    }
    this.beGone();
  }

  /** What the run says: exactly one OUTCOME, and nothing after it. */
  onFrame(frame: Frame): void {
    if (this.told || this.imposed) {
      return;
    }
    if (frame.type !== FrameType.Outcome) {
      this.onMalformed(`unexpected ${FrameType[frame.type]} from the run`);
      return;
    }
    clearTimeout(this.clock);
    this.toldAt = performance.now();
    this.told = this.readOutcome(frame.payload);
    this.spare.control.send(FrameType.Finish, this.spare.number);
  }

  onMalformed(cause: string): void {
    if (!this.told) {
      this.impose({ status: 'INTERNAL', cause });
    }
  }

  onSupervisor({ type, payload }: Frame): void {
    switch (type) {
      case FrameType.Stdout:
        this.options.observer.onOutput('stdout', payload);
        break;
      case FrameType.Stderr:
        this.options.observer.onOutput('stderr', payload);
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
      this.options.observer.onGone();
    }
  }

  /** Ends the run for a reason of the service's own. */
  private impose(outcome: Outcome): void {
    this.imposed ??= outcome;
    clearTimeout(this.clock);
    this.spare.control.send(FrameType.Cancel, this.spare.number);
    this.expectWithin(OVERDUE_MS, outcome);
  }

  private expectWithin(delayMs: number, outcome: Outcome): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      this.imposed ??= outcome;
      this.options.onOverdue('the supervisor does not answer');
    }, delayMs);
  }

  private async conclude(ended: EndedMessage): Promise<void> {
    // The rest is a matter of this process: the supervisor has done its part.
    clearTimeout(this.watchdog);
    // What the run had told before it ended stands, unless it printed more than it may.
    const told = ended.status !== 'OUTPUT_LIMIT' && !this.imposed ? await this.told : null;
    this.finish(this.imposed ?? told ?? outcomeOfEnd(ended));
  }

  private async readOutcome(payload: Buffer): Promise<Outcome> {
    const { maxResultBytes } = this.options.limits;
    try {
      const outcome = parseOutcomeMessage(payload);
      if (outcome.status !== 'OK') {
        return outcome;
      }
      if (outcome.result.length > maxResultBytes) {
        return { status: 'INTERNAL', cause: `result of ${outcome.result.length} bytes` };
      }
      const flaw = await findLongResultFlaw(outcome.result, FIXED_LIMITS.resultDepth);
      return flaw ? { status: 'INTERNAL', cause: flaw } : outcome;
    } catch (error) {
      // MessageError: the script's process wrote this frame, so its form cannot be relied on.
      return { status: 'INTERNAL', cause: String(error) };
    }
  }

  private finish(outcome: Outcome): void {
    const { ended, startedAt, toldAt } = this;
    const { ready } = this.spare;
    const sinceStart = performance.now() - startedAt;
    // The supervisor hears of start and outcome a little later than we do.
    const runMs = toldAt === null ? Math.min(ended?.runMs ?? sinceStart, sinceStart) : toldAt - startedAt;
    this.settle({
      outcome,
      startMs: startedAt - this.options.requestedAt,
      runMs,
      resultMs: sinceStart - runMs,
      // The process was forked and confined before it had the script: that is not the script's doing.
      ...(ended?.cpuMs !== undefined && { cpuMs: Math.max(0, ended.cpuMs - ready.cpuMs) }),
      ...(ended?.peakResidentBytes !== undefined && {
        peakMemoryBytes: Math.max(0, ended.peakResidentBytes - ready.residentBytes),
      }),
    });
  }
}
