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

  /** Hands the script over. From here on nothing that comes from this process is believed but its form. */
  run(payload: Buffer, onFrame: (frame: Frame) => void, onMalformed: (cause: string) => void): void {
    this.events = null;
    this.onFrame = onFrame;
    this.onMalformed = onMalformed;
    this.connection.write(encodeFrame(FrameType.Run, this.number, payload));
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
      this.events?.onReady();
    } else {
      this.lose(`${FrameType[frame.type]}: ${frame.payload.toString('utf8')}`);
    }
  }

  private lose(cause: string | null, code?: string): void {
    const { events } = this;
    this.events = null;
    this.connection.destroy();
    events?.onLost(cause, code);
  }
}
