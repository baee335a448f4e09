import type { Duplex } from 'node:stream';
import { encodeFrame, FrameDecoder, FrameType, type Frame } from '../protocol/frames';
import { parseReadyMessage, type ReadyMessage } from '../protocol/messages';
import type { ControlChannel } from './control-channel';

/** Above every limit that a run can have: a failure with its traceback. */
const FRAME_SLACK_BYTES = 1024 * 1024;

/** What a spare has to tell before it has a script. */
export interface SpareEvents {
  /** It is ready, or has done ahead what it was asked to do. */
  onReady(): void;
  /** It will never run a script. `cause` is for the log, null when it merely went away; `code` is the system's. */
  onLost(cause: string | null, code?: string): void;
}

/** A process that waits for its script, and the connection to it. It is used for one run and never again. */
export class Spare {
  /** What its process had used up when it became ready. */
  ready: ReadyMessage = { residentBytes: 0, cpuMs: 0 };
  /** The run's number, known when it is ready. */
  number = 0;
  /** Has done ahead what would cost the run time. */
  warm = false;
  private readonly decoder: FrameDecoder;
  private events: SpareEvents | null;
  private onFrame: ((frame: Frame) => void) | null = null;
  private onSupervisor: ((frame: Frame) => void) | null = null;
  /** It has ended, or its connection: no script can be handed to it. */
  private lost = false;
  private onMalformed: ((cause: string) => void) | null = null;

  constructor(
    private readonly connection: Duplex,
    readonly control: ControlChannel,
    maxResultBytes: number,
    events: SpareEvents,
  ) {
    this.events = events;
    this.decoder = new FrameDecoder(maxResultBytes + FRAME_SLACK_BYTES);
    connection.on('data', (data: Buffer) => this.receive(data));
    connection.on('error', (error: NodeJS.ErrnoException) => this.lose(null, error.code));
    connection.once('close', () => this.lose(null));
  }

  /** Asks it to do ahead what would cost the run time; it is ready again afterwards. */
  askToWarm(): void {
    this.connection.write(encodeFrame(FrameType.Warm, this.number));
  }

  /**
   * Hands the script over. From here on nothing that comes from this process is believed but its form. `onSupervisor`
   * hears what the supervisor says of it. Returns false when it has ended meanwhile: then nothing was handed over.
   */
  run(
    payload: Buffer,
    onFrame: (frame: Frame) => void,
    onMalformed: (cause: string) => void,
    onSupervisor: (frame: Frame) => void,
  ): boolean {
    if (this.lost) {
      return false;
    }
    this.events = null;
    this.onFrame = onFrame;
    this.onMalformed = onMalformed;
    this.onSupervisor = onSupervisor;
    this.connection.write(encodeFrame(FrameType.Run, this.number, payload));
    return true;
  }

  /** Ends the connection; a spare ends with it. */
  close(): void {
    this.connection.destroy();
  }

  private receive(data: Buffer): void {
    try {
      for (const frame of this.decoder.feed(data)) {
        this.take(frame);
      }
    } catch (error) {
      // FrameError or MessageError: the bytes cannot be followed from here on.
      this.lose(String(error));
      this.onMalformed?.(String(error));
    }
  }

  private take(frame: Frame): void {
    if (this.onFrame) {
      this.onFrame(frame);
    } else if (frame.type === FrameType.Ready) {
      this.ready = parseReadyMessage(frame.payload);
      this.number = frame.run;
      this.control.listen(this.number, (said) => this.hear(said));
      this.events?.onReady();
    } else {
      this.lose(`${FrameType[frame.type]}: ${frame.payload.toString('utf8')}`);
    }
  }

  /** The supervisor may tell of its end before its connection does, and long before it is used. */
  private hear(frame: Frame): void {
    if (this.onSupervisor) {
      this.onSupervisor(frame);
    } else if (frame.type === FrameType.Ended || frame.type === FrameType.Gone) {
      this.lose(null);
    }
  }

  private lose(cause: string | null, code?: string): void {
    const { events } = this;
    this.events = null;
    this.lost = true;
    this.connection.destroy();
    events?.onLost(cause, code);
  }
}
