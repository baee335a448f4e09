import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFrame, FRAME_HEADER_BYTES, FrameDecoder, FrameError, FrameType, type Frame } from './frames';

const SPECIFICATION = join(__dirname, '../../../../docs/protocol.md');
const GOLDEN_LIMIT_BYTES = 1024;

interface GoldenFrame {
  readonly name: string;
  readonly bytes: Buffer;
  readonly meaning: string;
}

function goldenFrames(): GoldenFrame[] {
  const [, block] = /^```frames\n([^]*?)^```$/m.exec(readFileSync(SPECIFICATION, 'utf8')) ?? [];
  return (block ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', hex = '', ...meaning] = line.split(' | ');
      return { name, bytes: Buffer.from(hex, 'hex'), meaning: meaning.join(' | ') };
    });
}

/** Writes frames as the specification does: `STDOUT 1 "text"`. */
function meaningOf({ type, run, payload }: Frame): string {
  return `${FrameType[type].toUpperCase()} ${run} ${JSON.stringify(payload.toString('utf8'))}`;
}

function normalized(meaning: string): string {
  const [type, run, ...payload] = meaning.split(' ');
  return `${type} ${run} ${JSON.stringify(JSON.parse(payload.join(' ')))}`;
}

const golden = goldenFrames();
const whole = golden.filter(({ meaning }) => /^[A-Z]/.test(meaning));
const incomplete = golden.filter(({ meaning }) => meaning === 'incomplete');
const refused = golden.filter(({ meaning }) => meaning === 'refused');

function decode(bytes: Buffer, pieceBytes: number, limitBytes = GOLDEN_LIMIT_BYTES): Frame[] {
  const decoder = new FrameDecoder(limitBytes);
  const frames: Frame[] = [];
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    frames.push(...decoder.feed(bytes.subarray(start, start + pieceBytes)));
  }
  return frames;
}

describe('the golden frames of docs/protocol.md', () => {
  it('are all of a known kind, and show every type', () => {
    expect(whole.length + incomplete.length + refused.length).toBe(golden.length);
    expect(refused.length).toBeGreaterThan(5);
    const types = Object.values(FrameType).filter((type): type is FrameType => typeof type === 'number');
    const shown = new Set(whole.map(({ bytes }) => bytes[0]));
    expect([...shown].sort()).toEqual([...types].sort());
  });

  it.each(whole)('$name is decoded as the specification says', ({ bytes, meaning }) => {
    expect(decode(bytes, bytes.length).map(meaningOf)).toEqual([normalized(meaning)]);
  });

  it.each(whole)('$name is encoded to the same bytes', ({ bytes }) => {
    const frames = decode(bytes, bytes.length);
    const encoded = frames.map(({ type, run, payload }) => encodeFrame(type, run, payload).toString('hex'));
    expect(encoded).toEqual([bytes.toString('hex')]);
  });

  it.each(incomplete)('$name makes the decoder wait for more', ({ bytes }) => {
    expect(decode(bytes, Math.max(bytes.length, 1))).toEqual([]);
  });

  it.each(refused)('$name is refused, whole or byte by byte', ({ bytes }) => {
    expect(() => decode(bytes, bytes.length)).toThrow(FrameError);
    expect(() => decode(bytes, 1)).toThrow(FrameError);
  });

  it('are decoded alike however the stream is cut', () => {
    const stream = Buffer.concat(whole.map(({ bytes }) => bytes));
    const expected = whole.map(({ meaning }) => normalized(meaning));
    for (let pieceBytes = 1; pieceBytes <= 64; pieceBytes++) {
      expect(decode(stream, pieceBytes).map(meaningOf)).toEqual(expected);
    }
    expect(decode(stream, stream.length).map(meaningOf)).toEqual(expected);
  });
});

describe('FrameDecoder', () => {
  it('takes a payload of exactly its limit', () => {
    const [frame] = decode(encodeFrame(FrameType.Stdout, 1, Buffer.alloc(10, 'x')), 7, 10);
    expect(frame?.payload.toString()).toBe('xxxxxxxxxx');
  });

  it('refuses a payload over its limit before any of the payload has come', () => {
    const header = encodeFrame(FrameType.Stdout, 1, Buffer.alloc(11)).subarray(0, FRAME_HEADER_BYTES);
    expect(() => new FrameDecoder(10).feed(header)).toThrow('payload of 11 bytes, at most 10 are allowed');
  });

  it('waits while a header is not whole, even if its first byte is wrong already', () => {
    expect(new FrameDecoder(10).feed(Buffer.alloc(FRAME_HEADER_BYTES - 1, 0xff))).toEqual([]);
  });

  it('yields the frames before a bad one', () => {
    const frames: Frame[] = [];
    const read = (): void => {
      const bytes = Buffer.concat([encodeFrame(FrameType.Cancel, 3), Buffer.from('garbage garbage')]);
      for (const frame of new FrameDecoder(10).decode(bytes)) {
        frames.push(frame);
      }
    };
    expect(read).toThrow(FrameError);
    expect(frames.map(meaningOf)).toEqual(['CANCEL 3 ""']);
  });

  it('is not disturbed by empty pieces', () => {
    const decoder = new FrameDecoder(10);
    const bytes = encodeFrame(FrameType.Cancel, 3);
    expect(decoder.feed(Buffer.alloc(0))).toEqual([]);
    expect(decoder.feed(bytes.subarray(0, 5))).toEqual([]);
    expect(decoder.feed(Buffer.alloc(0))).toEqual([]);
    expect(decoder.feed(bytes.subarray(5)).map(meaningOf)).toEqual(['CANCEL 3 ""']);
  });

  it('joins a large payload that comes in many pieces', () => {
    const payload = Buffer.alloc(4 * 1024 * 1024, 'abc');
    const [frame] = decode(encodeFrame(FrameType.Outcome, 1, payload), 1000, payload.length);
    expect(frame?.payload.equals(payload)).toBe(true);
  });
});
