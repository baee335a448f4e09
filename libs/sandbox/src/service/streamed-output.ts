import { StringDecoder } from 'node:string_decoder';
import type { RunStatus } from '../run/outcome';
import type { OutputFlow, OutputStream } from '../run/run-observer';
import { RunOutput } from '../run/run-output';
import type { ExecutionListener } from './execution-listener';

/** That the listener threw, and what: it may be anything. */
interface Fault {
  readonly error: unknown;
}

/**
 * The observer of an answer that is sent while the script runs: passes on what is printed, as text. All pieces of a stream
 * joined are what `BufferedOutput` would have kept, byte for byte.
 */
export class StreamedOutput extends RunOutput<object> implements OutputFlow {
  /** For the log: how much was passed on. */
  readonly sizes = { streamed: true, stdoutChars: 0, stderrChars: 0 };
  private decoders = newDecoders();
  /** Of the attempt that is under way. */
  private flow: OutputFlow | null = null;
  private isPaused = false;
  private hasStarted = false;
  private hasPassedOn = false;
  private fault: Fault | null = null;

  /** @param mayRestart false: the run never begins again, whatever was passed on, since its script is handed over once */
  constructor(
    private readonly id: string,
    private readonly listener: ExecutionListener,
    private readonly mayRestart = true,
  ) {
    super();
  }

  /** A run that begins again is the same execution: it has started once, and what its reader wants still holds. */
  onBegin(flow: OutputFlow): void {
    this.flow = flow;
    if (this.isPaused) {
      flow.pause();
    }
    if (!this.hasStarted) {
      this.hasStarted = true;
      this.tell(() => this.listener.onStart(this.id, this));
    }
  }

  onOutput(stream: OutputStream, bytes: Buffer): void {
    this.passOn(stream, this.decoders[stream].write(bytes));
  }

  /** Who has heard that it has started, and nothing else, cannot tell that it began again. */
  onRestart(): boolean {
    this.decoders = newDecoders();
    return this.mayRestart && !this.hasPassedOn;
  }

  /**
   * Passes on what is left of a character that never became whole; one that the output limit cut in two is dropped.
   * @throws what the listener threw
   */
  conclude(status: RunStatus): object {
    if (status !== 'OUTPUT_LIMIT') {
      this.passOn('stdout', this.decoders.stdout.end());
      this.passOn('stderr', this.decoders.stderr.end());
    }
    if (this.fault) {
      throw this.fault.error;
    }
    return {};
  }

  pause(): void {
    this.isPaused = true;
    this.flow?.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.flow?.resume();
  }

  private passOn(stream: OutputStream, text: string): void {
    if (text !== '') {
      this.hasPassedOn = true;
      this.sizes[stream === 'stdout' ? 'stdoutChars' : 'stderrChars'] += text.length;
      this.tell(() => this.listener.onOutput(stream, text));
    }
  }

  /** A listener that throws must not: it would end the runner, whose connection this is called from. It hears no more. */
  private tell(act: () => void): void {
    if (!this.fault) {
      try {
        act();
      } catch (error) {
        this.fault = { error };
      }
    }
  }
}

function newDecoders(): Record<OutputStream, StringDecoder> {
  return { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
}
