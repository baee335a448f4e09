import type { Duplex } from 'node:stream';
import { PROTOCOL_VERSION } from '@pycell/contracts';
import { encodeFrame, FrameDecoder, FrameType, type Frame } from '../protocol/frames';
import { MessageError } from '../protocol/message-error';
import {
  parseHelloProtocol,
  parseLostMessage,
  parseZygoteMessage,
  type ZygoteKind,
  type ZygoteMessage,
} from '../protocol/messages';
import { Watchdog } from './watchdog';

/** The largest payload on this connection is a piece of output, 64 KiB. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** How long the end of the runner may follow the end of its connection, with the reason for it. Milliseconds. */
const END_FOLLOWS_MS = 500;

/** What the service may ask of a run's supervisor. */
export type RunOrder =
  FrameType.Start | FrameType.Finish | FrameType.Cancel | FrameType.Pause | FrameType.Resume;

/** Hears what the supervisor says of one run. */
export type RunListener = (frame: Frame) => void;

/** What the supervisor says of itself. */
export interface ControlEvents {
  /** The supervisor is there and speaks our protocol. */
  onHello(): void;
  onZygote(zygote: ZygoteMessage): void;
  /** The ready zygote of this kind has died; until the next `onZygote` of it there is none. */
  onLost(kind: ZygoteKind): void;
  /** The supervisor said what is not in the protocol, or nothing at all: it is of no use any more. `cause` is for the log. */
  onBroken(cause: string): void;
}

/** The service's end of the control connection: the frames of all runs, told apart by their numbers. */
export class ControlChannel {
  private readonly decoder = new FrameDecoder(MAX_PAYLOAD_BYTES);
  private readonly listeners = new Map<number, RunListener>();
  private readonly watchdog = new Watchdog({
    ask: () => this.write(FrameType.Ping, 0),
    onSilent: () => this.giveUp('the supervisor gives no sign of life'),
  });
  private broken = false;
  private afterEnd: NodeJS.Timeout | undefined;

  constructor(
    private readonly stream: Duplex,
    private readonly events: ControlEvents,
  ) {
    stream.on('data', (data: Buffer) => this.receive(data));
    // A supervisor may be gone while what started it stands still: the end of the runner would never come.
    stream.once('end', () => {
      this.afterEnd = setTimeout(() => this.giveUp('the supervisor is gone'), END_FOLLOWS_MS);
    });
  }

  /** Tells the supervisor something about a run. */
  send(type: RunOrder, run: number, payload?: Buffer): void {
    this.write(type, run, payload);
  }

  /** Has the supervisor prove that it lives until the returned function is called; one that does not is given up. */
  demandLife(): () => void {
    return this.watchdog.demand();
  }

  /** Has `listener` hear of a run, until the run is gone. */
  listen(run: number, listener: RunListener): void {
    this.listeners.set(run, listener);
  }

  close(): void {
    this.watchdog.stop();
    clearTimeout(this.afterEnd);
    this.stream.destroy();
  }

  private write(type: RunOrder | FrameType.Ping, run: number, payload?: Buffer): void {
    if (!this.stream.destroyed) {
      this.stream.write(encodeFrame(type, run, payload));
    }
  }

  private receive(data: Buffer): void {
    if (this.broken) {
      return;
    }
    this.watchdog.heard();
    try {
      for (const frame of this.decoder.feed(data)) {
        this.dispatch(frame);
      }
    } catch (error) {
      // FrameError or MessageError: the stream cannot be followed from here on.
      this.giveUp(String(error));
    }
  }

  private giveUp(cause: string): void {
    this.watchdog.stop();
    if (!this.broken) {
      this.broken = true;
      this.events.onBroken(cause);
    }
  }

  private dispatch(frame: Frame): void {
    switch (frame.type) {
      case FrameType.Hello:
        checkProtocol(parseHelloProtocol(frame.payload));
        this.events.onHello();
        break;
      case FrameType.Zygote:
        this.events.onZygote(parseZygoteMessage(frame.payload));
        break;
      case FrameType.Lost:
        this.events.onLost(parseLostMessage(frame.payload));
        break;
      case FrameType.Pong:
        break;
      default:
        this.listeners.get(frame.run)?.(frame);
        if (frame.type === FrameType.Gone) {
          this.listeners.delete(frame.run);
        }
    }
  }
}

/** A sandbox root that was built from another version must not be talked to blindly. */
function checkProtocol(spoken: number): void {
  if (spoken !== PROTOCOL_VERSION) {
    throw new MessageError(
      `the runner speaks protocol ${spoken}, this service ${PROTOCOL_VERSION}: run npm run setup`,
    );
  }
}
