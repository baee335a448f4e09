/** The frames that the service and the runner exchange; docs/protocol.md is the specification. */

export const PROTOCOL_VERSION = 2;

/** type (u8), flags (u8, zero), reserved (u16, zero), run number (u32), payload length (u32); big-endian. */
export const FRAME_HEADER_BYTES = 12;

/** What a frame means. Below 16 the service speaks, from 16 on the runner does. */
export enum FrameType {
  Run = 1,
  Cancel = 2,
  Start = 3,
  Finish = 4,
  Warm = 5,
  Hello = 16,
  Ready = 17,
  Stdout = 18,
  Stderr = 19,
  Result = 20,
  Failure = 21,
  Ended = 22,
  Gone = 23,
  Zygote = 24,
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
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(run, 4);
  header.writeUInt32BE(payload.length, 8);
  return Buffer.concat([header, payload]);
}

/** Cuts a stream of bytes, fed in any pieces, into frames. */
export class FrameDecoder {
  private pieces: Buffer[] = [];
  private available = 0;

  /** @param maxPayloadBytes bounds what a broken peer can make the decoder hold. */
  constructor(private readonly maxPayloadBytes: number) {}

  /**
   * Takes bytes and returns the frames that they complete.
   * @throws FrameError as soon as a header cannot be one of ours; the stream is useless from there on.
   */
  feed(data: Buffer): Frame[] {
    this.pieces.push(data);
    this.available += data.length;
    const frames: Frame[] = [];
    for (let frame = this.next(); frame; frame = this.next()) {
      frames.push(frame);
    }
    return frames;
  }

  private next(): Frame | null {
    if (this.available < FRAME_HEADER_BYTES) {
      return null;
    }
    const header = this.peek(FRAME_HEADER_BYTES);
    const type = header.readUInt8(0);
    const length = header.readUInt32BE(8);
    if (!isFrameType(type) || header.readUInt8(1) !== 0 || header.readUInt16BE(2) !== 0) {
      throw new FrameError(`not a frame header: ${header.subarray(0, FRAME_HEADER_BYTES).toString('hex')}`);
    }
    if (length > this.maxPayloadBytes) {
      throw new FrameError(`payload of ${length} bytes, at most ${this.maxPayloadBytes} are allowed`);
    }
    if (this.available < FRAME_HEADER_BYTES + length) {
      return null;
    }
    const run = header.readUInt32BE(4);
    const whole = this.peek(FRAME_HEADER_BYTES + length);
    const payload = whole.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + length);
    this.consume(whole, FRAME_HEADER_BYTES + length);
    return { type, run, payload };
  }

  /** Returns a buffer that begins with `length` bytes; pieces are joined only when a frame spans them. */
  private peek(length: number): Buffer {
    const [first] = this.pieces;
    if (first && first.length >= length) {
      return first;
    }
    const joined = Buffer.concat(this.pieces);
    this.pieces = [joined];
    return joined;
  }

  private consume(first: Buffer, length: number): void {
    const rest = first.subarray(length);
    this.available -= length;
    if (rest.length > 0) {
      this.pieces[0] = rest;
    } else {
      this.pieces.shift();
    }
  }
}
