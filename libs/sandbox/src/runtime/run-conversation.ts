import { StringDecoder } from 'node:string_decoder';
import { MAX_RESULT_DEPTH, type ExecutionLimits } from '@pycell/contracts';
import type { RunEnd, RunReport, RunRequest } from '../executors/sandbox-executor';
import { encodeFrame, FrameDecoder, FrameType, PROTOCOL_VERSION, type Frame } from '../protocol/frames';
import {
  encodeRunMessage,
  MessageError,
  parseEndedMessage,
  parseFailureMessage,
  parseHelloProtocol,
  type EndedMessage,
} from '../protocol/messages';
import { findResultFlaw } from '../protocol/result-check';
import type { LaunchedRunner } from './runner-launcher';

/** The only run on a connection of its own. */
const RUN = 1;

/** Backstops: the runner keeps the real deadlines, these are for a runner that does not. Milliseconds. */
const START_TIMEOUT_MS = 20_000;
const OVERDUE_MS = 2_000;

/** Above every limit that a run can have: output pieces, a result, a failure with its traceback. */
const FRAME_SLACK_BYTES = 1024 * 1024;

export interface ConversationOptions {
  readonly limits: ExecutionLimits;
  readonly cores: number;
}

/** Talks to a launched runner about one run: sends the request, gathers the frames, waits until all is gone. */
export class RunConversation {
  private readonly launchedAt = performance.now();
  private readonly decoder: FrameDecoder;
  private readonly stdout: Buffer[] = [];
  private readonly stderr: Buffer[] = [];
  private startedAt: number | null = null;
  private outcome: Frame | null = null;
  private ended: EndedMessage | null = null;
  /** A cause that the service itself brought about; it wins over what the runner tells afterwards. */
  private imposed: RunEnd | null = null;
  private watchdog: NodeJS.Timeout | undefined;

  constructor(
    private readonly runner: LaunchedRunner,
    private readonly options: ConversationOptions,
  ) {
    this.decoder = new FrameDecoder(options.limits.maxResultBytes + FRAME_SLACK_BYTES);
  }

  /** Never rejects; when it settles, no process of the run is left. */
  async hold(request: RunRequest, signal: AbortSignal): Promise<RunReport> {
    const { connection } = this.runner;
    const onAbort = (): void => this.cancel();
    connection.on('data', (data: Buffer) => this.receive(data));
    this.killAfter(START_TIMEOUT_MS, { kind: 'unavailable', cause: 'the runner did not start in time' });
    const message = encodeRunMessage(request.script, request.mode, this.options.limits, this.options.cores);
    connection.write(encodeFrame(FrameType.Run, RUN, message));
    if (signal.aborted) {
      this.cancel();
    } else {
      signal.addEventListener('abort', onAbort, { once: true });
    }
    const { account } = await this.runner.ended;
    signal.removeEventListener('abort', onAbort);
    clearTimeout(this.watchdog);
    connection.destroy();
    return this.report(this.conclude(account));
  }

  private cancel(): void {
    this.imposed ??= { kind: 'cancelled' };
    // The runner kills the run and reports; half-closing would do as well, but says less.
    this.runner.connection.write(encodeFrame(FrameType.Cancel, RUN));
    this.killAfter(OVERDUE_MS, this.imposed);
  }

  /** Kills the runner after a while; `end` is then how the run ended, if that is not decided otherwise. */
  private killAfter(delayMs: number, end: RunEnd | null = null): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      this.imposed ??= end;
      this.runner.kill();
    }, delayMs);
  }

  /** A sandbox root that was built from another version must not be talked to blindly. */
  private checkProtocol(spoken: number): void {
    if (spoken !== PROTOCOL_VERSION) {
      throw new MessageError(
        `the runner speaks protocol ${spoken}, this service ${PROTOCOL_VERSION}: run npm run setup`,
      );
    }
  }

  private receive(data: Buffer): void {
    try {
      for (const frame of this.decoder.feed(data)) {
        this.accept(frame);
      }
    } catch (error) {
      // FrameError or MessageError: a runner that is out of step is of no use any more.
      this.imposed ??= { kind: 'unavailable', cause: String(error) };
      this.runner.kill();
    }
  }

  private accept(frame: Frame): void {
    switch (frame.type) {
      case FrameType.Hello:
        this.checkProtocol(parseHelloProtocol(frame.payload));
        break;
      case FrameType.Started:
        this.startedAt = performance.now();
        // A run that is being ended already keeps the shorter time.
        if (!this.imposed) {
          this.killAfter(this.options.limits.timeoutSeconds * 1000 + OVERDUE_MS, { kind: 'timeout' });
        }
        break;
      case FrameType.Stdout:
        this.stdout.push(frame.payload);
        break;
      case FrameType.Stderr:
        this.stderr.push(frame.payload);
        break;
      case FrameType.Result:
      case FrameType.Failure:
        this.outcome = frame;
        break;
      case FrameType.Ended:
        this.ended = parseEndedMessage(frame.payload);
        // What it has reported stands, whether or not it exits by itself.
        this.killAfter(OVERDUE_MS);
        break;
      case FrameType.Run:
      case FrameType.Cancel:
        break;
    }
  }

  private conclude(account: string): RunEnd {
    if (this.imposed) {
      return this.imposed;
    }
    if (!this.ended) {
      return { kind: 'unavailable', cause: `the runner ended without a report: ${account}` };
    }
    return this.endOf(this.ended);
  }

  private endOf(ended: EndedMessage): RunEnd {
    switch (ended.cause) {
      case 'outcome':
        return this.readOutcome();
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
      case 'malformed-outcome':
        return { kind: 'malformed', cause: ended.detail ?? 'no detail' };
      case 'not-started':
        return { kind: 'unavailable', cause: `the run could not be started: ${ended.detail ?? 'no detail'}` };
    }
  }

  private readOutcome(): RunEnd {
    const { outcome } = this;
    if (!outcome) {
      return { kind: 'malformed', cause: 'an outcome was announced and did not come' };
    }
    if (outcome.type === FrameType.Failure) {
      try {
        return { kind: 'failed', failure: parseFailureMessage(outcome.payload) };
      } catch (error) {
        // MessageError: the script's process wrote this frame, so its form cannot be relied on.
        return { kind: 'malformed', cause: String(error) };
      }
    }
    const flaw = findResultFlaw(outcome.payload, MAX_RESULT_DEPTH);
    return flaw ? { kind: 'malformed', cause: flaw } : { kind: 'returned', json: outcome.payload };
  }

  private report(end: RunEnd): RunReport {
    const now = performance.now();
    const { ended, startedAt } = this;
    const runMs = startedAt === null ? 0 : (ended?.runMs ?? now - startedAt);
    return {
      end,
      stdout: decodeOutput(this.stdout, end),
      stderr: decodeOutput(this.stderr, end),
      startMs: (startedAt ?? now) - this.launchedAt,
      runMs,
      resultMs: startedAt === null ? 0 : Math.max(0, now - startedAt - runMs),
      ...(ended?.cpuMs !== undefined && { cpuMs: ended.cpuMs }),
      ...(ended?.peakMemoryBytes !== undefined && { peakMemoryBytes: ended.peakMemoryBytes }),
    };
  }
}

/** Invalid bytes become U+FFFD; where the limit cut a character in two, its first half is dropped. */
function decodeOutput(pieces: readonly Buffer[], end: RunEnd): string {
  const bytes = Buffer.concat(pieces);
  return end.kind === 'output-limit' ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8');
}
