import { StringDecoder } from 'node:string_decoder';
import { FIXED_LIMITS, type ExecutionLimits } from '@pycell/contracts';
import type { RunEnd, RunReport, RunRequest } from '../executors/sandbox-executor';
import { FrameType, type Frame } from '../protocol/frames';
import {
  encodeRunMessage,
  parseEndedMessage,
  parseFailureMessage,
  type EndedMessage,
} from '../protocol/messages';
import { findLongResultFlaw } from '../protocol/result-check';
import type { Spare } from './spare';

/** A backstop: the supervisor keeps the real deadlines, this is for one that does not. Milliseconds. */
const OVERDUE_MS = 2_000;
/** Not the script's doing, whatever it does: a script that runs too long is told by the supervisor. */
const OVERDUE: RunEnd = { kind: 'unavailable', cause: 'the supervisor did not tell of the end in time' };

/**
 * The supervisor is told of the start only when the script has not ended at once: most have, and every message to it
 * may take the processor from the run. Milliseconds by which the deadline is late.
 */
const CLOCK_DELAY_MS = 2;

export interface ConversationOptions {
  readonly limits: ExecutionLimits;
  /** When the request for this run came, by `performance.now()`. */
  readonly requestedAt: number;
  /** Called when the supervisor does not do its duty: it must be ended, and with it the run. */
  readonly onOverdue: (cause: string) => void;
}

/** Talks with a spare and its supervisor about one run: hands the script over, gathers what comes, asks for the end. */
export class RunConversation {
  private readonly stdout: Buffer[] = [];
  private readonly stderr: Buffer[] = [];
  private startedAt = 0;
  private outcome: Frame | null = null;
  /** What the outcome means; it is looked at while the supervisor ends the run. */
  private outcomeEnd: Promise<RunEnd> | null = null;
  /** When the outcome was complete, by `performance.now()`. */
  private outcomeAt: number | null = null;
  private ended: EndedMessage | null = null;
  /** A cause that the service itself brought about; it wins over what the supervisor tells afterwards. */
  private imposed: RunEnd | null = null;
  private watchdog: NodeJS.Timeout | undefined;
  private clock: NodeJS.Timeout | undefined;
  private settle!: (report: RunReport) => void;
  private settleGone!: () => void;
  private readonly gone = new Promise<void>((resolve) => (this.settleGone = resolve));

  constructor(
    private readonly spare: Spare,
    private readonly options: ConversationOptions,
  ) {}

  /** Never rejects. When it settles the run has ended; its process may be about to go, which `gone` tells. */
  hold(request: RunRequest, signal: AbortSignal): Promise<RunReport> {
    const { control, number } = this.spare;
    return new Promise((resolve) => {
      const onAbort = (): void => this.impose({ kind: 'cancelled' });
      this.settle = (report) => {
        signal.removeEventListener('abort', onAbort);
        clearTimeout(this.watchdog);
        clearTimeout(this.clock);
        resolve(report);
      };
      this.startedAt = performance.now();
      const isHandedOver = this.spare.run(
        encodeRunMessage(request.script, request.mode),
        (frame) => this.takeOutcome(frame),
        (cause) => this.takeMalformed(cause),
        (frame) => this.hear(frame),
      );
      if (!isHandedOver) {
        this.lose('the spare ended before it had its script');
        return;
      }
      this.expectWithin(this.options.limits.timeoutSeconds * 1000 + OVERDUE_MS, OVERDUE);
      this.clock = setTimeout(() => control.send(FrameType.Start, number), CLOCK_DELAY_MS);
      if (signal.aborted) {
        onAbort();
      } else {
        signal.addEventListener('abort', onAbort, { once: true });
      }
    });
  }

  /** The runner is gone, and every process of it. `cause` is for the log. */
  lose(cause: string): void {
    // Once the supervisor has told the end, that stands: a long outcome may still be looked at.
    if (!this.ended) {
      this.finish(this.imposed ?? { kind: 'unavailable', cause });
    }
    this.settleGone();
  }

  /** Ends the run for a reason of the service's own. */
  private impose(end: RunEnd): void {
    this.imposed ??= end;
    clearTimeout(this.clock);
    this.spare.control.send(FrameType.Cancel, this.spare.number);
    this.expectWithin(OVERDUE_MS, end);
  }

  private expectWithin(delayMs: number, end: RunEnd): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      this.imposed ??= end;
      this.options.onOverdue('the supervisor does not answer');
    }, delayMs);
  }

  /** What the run says: exactly one RESULT or FAILURE, and nothing after it. */
  private takeOutcome(frame: Frame): void {
    if (this.outcome || this.imposed) {
      return;
    }
    if (frame.type !== FrameType.Result && frame.type !== FrameType.Failure) {
      this.impose({ kind: 'malformed', cause: `unexpected ${FrameType[frame.type]} from the run` });
      return;
    }
    clearTimeout(this.clock);
    this.outcome = frame;
    this.outcomeAt = performance.now();
    this.outcomeEnd = this.readOutcome(frame);
    this.spare.control.send(FrameType.Finish, this.spare.number);
  }

  private takeMalformed(cause: string): void {
    if (!this.outcome) {
      this.impose({ kind: 'malformed', cause });
    }
  }

  /** What the supervisor says. */
  private hear(frame: Frame): void {
    switch (frame.type) {
      case FrameType.Stdout:
        this.stdout.push(frame.payload);
        break;
      case FrameType.Stderr:
        this.stderr.push(frame.payload);
        break;
      case FrameType.Ended:
        this.ended = parseEndedMessage(frame.payload);
        void this.conclude(this.ended);
        break;
      case FrameType.Gone:
        this.spare.close();
        this.settleGone();
        break;
      default:
        break;
    }
  }

  private async conclude(ended: EndedMessage): Promise<void> {
    // The rest is a matter of this process: the supervisor has done its duty.
    clearTimeout(this.watchdog);
    // What the run had told before it ended stands, unless it printed more than it may.
    const told = ended.cause !== 'output-limit' && !this.imposed ? await this.outcomeEnd : null;
    this.finish(this.imposed ?? told ?? this.endOf(ended));
  }

  private endOf(ended: EndedMessage): RunEnd {
    switch (ended.cause) {
      case 'finished':
        return { kind: 'unavailable', cause: 'the supervisor ended a run that had told no outcome' };
      case 'exited':
        return { kind: 'exited', exitCode: ended.exitCode ?? 0 };
      case 'signalled':
        // In the jail nothing inside can bring it about (seccomp.py sees to that): it came from the host, most
        // likely for want of memory.
        return ended.signal === 'SIGKILL'
          ? { kind: 'unavailable', cause: 'the run was killed from outside (SIGKILL)' }
          : { kind: 'crashed', signal: ended.signal ?? 'an unknown signal' };
      case 'timeout':
      case 'cpu-limit':
        return { kind: 'timeout' };
      case 'output-limit':
      case 'cancelled':
      case 'channel-closed':
        return { kind: ended.cause };
    }
  }

  private async readOutcome(outcome: Frame): Promise<RunEnd> {
    if (outcome.type === FrameType.Failure) {
      try {
        return { kind: 'failed', failure: parseFailureMessage(outcome.payload) };
      } catch (error) {
        // MessageError: the script's process wrote this frame, so its form cannot be relied on.
        return { kind: 'malformed', cause: String(error) };
      }
    }
    if (outcome.payload.length > this.options.limits.maxResultBytes) {
      return { kind: 'malformed', cause: `RESULT of ${outcome.payload.length} bytes` };
    }
    const flaw = await findLongResultFlaw(outcome.payload, FIXED_LIMITS.resultDepth);
    return flaw ? { kind: 'malformed', cause: flaw } : { kind: 'returned', json: outcome.payload };
  }

  private finish(end: RunEnd): void {
    const { ended, startedAt, outcomeAt, gone } = this;
    const { ready } = this.spare;
    const sinceStart = performance.now() - startedAt;
    // The supervisor hears of start and outcome a little later than we do.
    const runMs =
      outcomeAt === null ? Math.min(ended?.runMs ?? sinceStart, sinceStart) : outcomeAt - startedAt;
    this.settle({
      end,
      stdout: decodeOutput(this.stdout, end),
      stderr: decodeOutput(this.stderr, end),
      startMs: startedAt - this.options.requestedAt,
      runMs,
      resultMs: sinceStart - runMs,
      // The process was forked and locked down before it had the script: that is not the script's doing.
      ...(ended?.cpuMs !== undefined && { cpuMs: Math.max(0, ended.cpuMs - ready.cpuMs) }),
      ...(ended?.peakResidentBytes !== undefined && {
        peakMemoryBytes: Math.max(0, ended.peakResidentBytes - ready.residentBytes),
      }),
      gone,
    });
  }
}

/** Invalid bytes become U+FFFD; where the limit cut a character in two, its first half is dropped. */
function decodeOutput(pieces: readonly Buffer[], end: RunEnd): string {
  const [first] = pieces;
  const bytes = first && pieces.length === 1 ? first : Buffer.concat(pieces);
  return end.kind === 'output-limit' ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8');
}
