import type { Duplex } from 'node:stream';
import { encodeFrame, encodeHeader, FrameDecoder, FrameType, type Frame } from '../protocol/frames';
import { MessageError } from '../protocol/message-error';
import { parseReadyMessage, type ReadyMessage } from '../protocol/messages';
import { decodeSections } from '../protocol/sections';
import { StateMachine } from '../waiting/state-machine';
import type { ControlChannel } from './control-channel';

/** Above what an outcome may carry: a failure with its traceback, names of artifacts. */
const FRAME_SLACK_BYTES = 1024 * 1024;

/**
 * A script may write to its connection byte by byte, each of which costs more to read than to write. So many pieces may
 * be small, and one more for each of this length that has come: what the runner writes comes in large ones.
 */
const FREE_PIECES = 256;
const SMALL_PIECE_BYTES = 4 * 1024;

/** How far a payload has come. */
export type HandOver = 'sent' | 'sending' | false;

/** What a socket takes without waiting for its reader. */
const SENT_AT_ONCE_BYTES = 64 * 1024;

/** Where a spare is in its life; it goes one way only, but for warming itself again and again. */
export type SpareState = 'starting' | 'cold' | 'warming' | 'warm' | 'running' | 'lost';
type SpareEvent = 'ready' | 'warm' | 'run' | 'lose';

/** A running one is not lost by what its connection does: the supervisor tells the end of a run. */
const TRANSITIONS = {
  starting: { ready: 'cold', lose: 'lost' },
  cold: { warm: 'warming', run: 'running', lose: 'lost' },
  warming: { ready: 'warm', lose: 'lost' },
  warm: { run: 'running', lose: 'lost' },
  running: {},
  lost: {},
} as const;

/** Why a spare will never run a script. */
export interface SpareLoss {
  /** For the log; null when it merely went away. */
  readonly cause: string | null;
  /** The system's code of a connection that failed. */
  readonly code?: string | undefined;
}

/** Hears of a spare until it runs a script. */
export interface SpareOwner {
  /** It is ready, or has done ahead what it was asked to do. */
  onReady(): void;
  /** It will never run a script. Called at most once, and not for one that runs. */
  onLost(loss: SpareLoss): void;
}

/** Hears of a process: the spare itself does until it runs, then the conversation about its run. */
export interface ProcessListener {
  /** A frame on its own connection. */
  onFrame(frame: Frame): void;
  /** It said what is no frame, or not in the protocol. `cause` is for the log. */
  onMalformed(cause: string): void;
  /** What the supervisor says of it. */
  onSupervisor(frame: Frame): void;
}

/** A process that waits for its script, and the connection to it. It is used for one run and never again. */
export class Spare {
  /** What its process had used up when it became ready. */
  ready: ReadyMessage = { residentBytes: 0, sharedBytes: 0, cpuMs: 0 };
  /** The run's number, known when it is ready. */
  number = 0;
  private readonly machine = new StateMachine<SpareState, SpareEvent>(TRANSITIONS, 'starting');
  private readonly decoder: FrameDecoder;
  private smallPieces = 0;
  private receivedBytes = 0;
  private isHeardOut = false;
  private listener: ProcessListener = {
    onFrame: (frame) => this.take(frame),
    onMalformed: (cause) => this.lose({ cause }),
    // The supervisor may tell of its end before its connection does, and long before it is used.
    onSupervisor: ({ type }) => {
      if (type === FrameType.Ended || type === FrameType.Gone) {
        this.lose({ cause: null });
      }
    },
  };

  constructor(
    private readonly connection: Duplex,
    readonly control: ControlChannel,
    maxOutcomeBytes: number,
    private readonly owner: SpareOwner,
  ) {
    this.decoder = new FrameDecoder(maxOutcomeBytes + FRAME_SLACK_BYTES);
    connection.on('data', (data: Buffer) => this.receive(data));
    connection.on('error', ({ code }: NodeJS.ErrnoException) => this.lose({ cause: null, code }));
    connection.once('close', () => this.lose({ cause: null }));
  }

  get state(): SpareState {
    return this.machine.state;
  }

  /** Asks it to do ahead what would cost the run time; it is ready again afterwards. */
  warm(): void {
    if (this.machine.take('warm')) {
      this.connection.write(encodeFrame(FrameType.Warm, this.number));
    }
  }

  /**
   * Hands the script over. From here on nothing that comes from this process is believed but its form, and `listener`
   * hears of it. `payload` is that of RUN, in pieces. Returns whether it has left this process already: then `onSent` is
   * not called. False when the spare has ended meanwhile: then nothing was handed over.
   */
  begin(payload: readonly Buffer[], listener: ProcessListener, onSent?: () => void): HandOver {
    if (!this.machine.take('run')) {
      return false;
    }
    this.listener = listener;
    const length = payload.reduce((sum, piece) => sum + piece.length, 0);
    const pieces = [encodeHeader(FrameType.Run, this.number, length), ...payload];
    if (length <= SENT_AT_ONCE_BYTES) {
      this.connection.write(Buffer.concat(pieces));
      return 'sent';
    }
    const last = pieces.length - 1;
    this.connection.cork();
    for (const [index, piece] of pieces.entries()) {
      this.connection.write(piece, index === last ? () => onSent?.() : undefined);
    }
    this.connection.uncork();
    return 'sending';
  }

  /** Reads no more of what its process says on its own connection. */
  hearOut(): void {
    this.isHeardOut = true;
  }

  /** Ends the connection; a spare ends with it. */
  close(): void {
    this.connection.destroy();
  }

  private receive(data: Buffer): void {
    if (this.isHeardOut) {
      // Ours would wait to be stopped.
      this.connection.destroy();
      return;
    }
    try {
      this.countPiece(data.length);
      for (const frame of this.decoder.decode(data)) {
        this.listener.onFrame(frame);
      }
    } catch (error) {
      // FrameError or MessageError: the bytes cannot be followed from here on.
      this.connection.destroy();
      this.listener.onMalformed(String(error));
    }
  }

  /** @throws MessageError when too many pieces are small. */
  private countPiece(bytes: number): void {
    this.receivedBytes += bytes;
    if (bytes < SMALL_PIECE_BYTES) {
      this.smallPieces++;
      if (this.smallPieces > FREE_PIECES + this.receivedBytes / SMALL_PIECE_BYTES) {
        throw new MessageError('too many small pieces');
      }
    }
  }

  /** What a spare says. */
  private take(frame: Frame): void {
    if (frame.type !== FrameType.Ready) {
      this.lose({ cause: failureOf(frame) });
      return;
    }
    this.ready = parseReadyMessage(frame.payload);
    if (this.state === 'starting') {
      this.number = frame.run;
      this.control.listen(this.number, (said) => this.listener.onSupervisor(said));
    }
    if (this.machine.take('ready')) {
      this.owner.onReady();
    }
  }

  private lose(loss: SpareLoss): void {
    this.connection.destroy();
    if (this.machine.take('lose')) {
      this.owner.onLost(loss);
    }
  }
}

/** Why a spare could not become a run, as it says itself: it is believed, since it has not seen a script. */
function failureOf({ type, payload }: Frame): string {
  if (type !== FrameType.Outcome) {
    return `unexpected ${FrameType[type]} from a spare`;
  }
  const { head } = decodeSections(payload, 'OUTCOME payload', [], payload.length);
  return `${String(head['status'])}: ${String(head['message'])}`;
}
