/** The frames that the service and the runner exchange; docs/protocol.md is the specification. */

/** type (u8), flags (u8, zero), reserved (u16, zero), run number (u32), payload length (u32); big-endian. */
export const FRAME_HEADER_BYTES = 12;

/** What a frame means. Below 16 the service speaks, from 16 on the runner does. */
export enum FrameType {
  Run = 1,
  Cancel = 2,
  Start = 3,
  Finish = 4,
  Warm = 5,
  Pause = 6,
  Resume = 7,
  Ping = 8,
  Hello = 16,
  Ready = 17,
  Stdout = 18,
  Stderr = 19,
  Outcome = 20,
  Ended = 21,
  Gone = 22,
  Zygote = 23,
  Pong = 24,
  Lost = 25,
}

/** One message. `run` numbers the run it belongs to, zero where it belongs to none. */
export interface Frame {
  readonly type: FrameType;
  readonly run: number;
  readonly payload: Buffer;
}

/** The bytes are not a frame: unknown type, a reserved field that is set, or a payload over the limit. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

function isFrameType(type: number): type is FrameType {
  return FrameType[type] !== undefined;
}

/** Returns the frame's bytes: 12 of header, then the payload. */
export function encodeFrame(type: FrameType, run: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([encodeHeader(type, run, payload.length), payload]);
}

/** Returns the 12 bytes that go before a payload of so many bytes. */
export function encodeHeader(type: FrameType, run: number, payloadBytes: number): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(run, 4);
  header.writeUInt32BE(payloadBytes, 8);
  return header;
}

/** What a header says of the payload that follows it. */
interface Announced {
  readonly type: FrameType;
  readonly run: number;
  readonly length: number;
}

/** Cuts a stream of bytes, fed in any pieces, into frames. It holds one payload at most, however small the pieces are. */
export class FrameDecoder {
  private readonly header = Buffer.alloc(FRAME_HEADER_BYTES);
  private headerFilled = 0;
  private announced: Announced | null = null;
  private payload: Buffer | null = null;
  private payloadFilled = 0;

  /** @param maxPayloadBytes bounds what a broken peer can make the decoder hold. */
  constructor(private readonly maxPayloadBytes: number) {}

  /**
   * Takes bytes and returns the frames that they complete.
   * @throws FrameError as soon as a header cannot be one of ours; the stream is useless from there on.
   */
  feed(data: Buffer): Frame[] {
    return [...this.decode(data)];
  }

  /**
   * The same one by one: whoever asks gets those that come before what cannot be a header.
   * @throws FrameError as `feed` does, when it is asked for the next.
   */
  *decode(data: Buffer): Generator<Frame, void> {
    let at = 0;
    for (;;) {
      if (!this.announced) {
        at += this.readHeader(data, at);
        if (this.headerFilled < FRAME_HEADER_BYTES) {
          return;
        }
        this.announced = this.parseHeader();
        this.headerFilled = 0;
      }
      const { type, run, length } = this.announced;
      const payload = this.readPayload(data, at, length);
      if (!payload) {
        return;
      }
      at = payload.end;
      this.announced = null;
      yield { type, run, payload: payload.bytes };
    }
  }

  /** Returns how many bytes belonged to the header. */
  private readHeader(data: Buffer, at: number): number {
    const copied = data.copy(this.header, this.headerFilled, at, at + FRAME_HEADER_BYTES - this.headerFilled);
    this.headerFilled += copied;
    return copied;
  }

  private parseHeader(): Announced {
    const { header } = this;
    const type = header.readUInt8(0);
    const length = header.readUInt32BE(8);
    if (!isFrameType(type) || header.readUInt8(1) !== 0 || header.readUInt16BE(2) !== 0) {
      throw new FrameError(`not a frame header: ${header.toString('hex')}`);
    }
    if (length > this.maxPayloadBytes) {
      throw new FrameError(`payload of ${length} bytes, at most ${this.maxPayloadBytes} are allowed`);
    }
    return { type, run: header.readUInt32BE(4), length };
  }

  /** Returns the payload and where it ends in `data`, null while there is more to come. Whole ones are not copied. */
  private readPayload(data: Buffer, at: number, length: number): { bytes: Buffer; end: number } | null {
    if (!this.payload && data.length - at >= length) {
      return { bytes: data.subarray(at, at + length), end: at + length };
    }
    this.payload ??= Buffer.allocUnsafe(length);
    const copied = data.copy(this.payload, this.payloadFilled, at, at + length - this.payloadFilled);
    this.payloadFilled += copied;
    if (this.payloadFilled < length) {
      return null;
    }
    const bytes = this.payload;
    this.payload = null;
    this.payloadFilled = 0;
    return { bytes, end: at + copied };
  }
}
