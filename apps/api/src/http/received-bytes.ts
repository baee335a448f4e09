import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { RequestFailure } from './request-failure';

/** Pieces are joined so much at a time: fresh memory costs a millisecond or two for each MiB. */
const JOINED_BYTES = 1024 * 1024;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** What a body may be. */
export interface BodyBounds {
  /** After it has been unpacked. */
  readonly limitBytes: number;
  /** From what the limit follows, for the client. */
  readonly holds: string;
}

/**
 * Receives the body of a request, unpacked. The buffer is the caller's own.
 * @throws RequestFailure
 */
export async function receiveBytes(request: IncomingMessage, bounds: BodyBounds): Promise<Buffer> {
  const { headers } = request;
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') {
    return join(await receiveUnpacked(request, encoding, bounds));
  }
  if (Number(headers['content-length'] ?? 0) > bounds.limitBytes) {
    throw tooLarge(bounds);
  }
  return join(await collect(request, request, bounds));
}

async function receiveUnpacked(
  request: IncomingMessage,
  encoding: string,
  bounds: BodyBounds,
): Promise<Buffer[]> {
  const decoder = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding]?.() : undefined;
  if (!decoder) {
    throw new RequestFailure(
      'UNSUPPORTED_MEDIA_TYPE',
      `Request body: unsupported content encoding ${JSON.stringify(encoding)}, send it in one of ${Object.keys(DECODERS).join(', ')} or as it is`,
    );
  }
  request.pipe(decoder);
  try {
    return await collect(decoder, request, bounds);
  } finally {
    request.unpipe(decoder);
    decoder.on('error', () => undefined).destroy();
    // What is left of it is thrown away, so that the connection can go on.
    request.resume();
  }
}

/** Collects what a stream gives, which is the request or comes from it. */
function collect(stream: Readable, request: IncomingMessage, bounds: BodyBounds): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let received = 0;
    const settle = (settled: () => void): void => {
      stream.off('data', onData).off('end', onEnd).off('error', onError);
      request.off('close', onClose);
      settled();
    };
    const onData = (piece: Buffer): void => {
      received += piece.length;
      if (received > bounds.limitBytes) {
        settle(() => reject(tooLarge(bounds)));
      } else {
        pieces.push(piece);
      }
    };
    const onEnd = (): void => settle(() => resolve(pieces));
    const onError = ({ message }: Error): void => settle(() => reject(unreadable(message)));
    // A request that has come whole is closed, too.
    const onClose = (): void => {
      if (!request.complete) {
        settle(() => reject(unreadable('aborted')));
      }
    };
    stream.on('data', onData).once('end', onEnd).once('error', onError);
    request.once('close', onClose);
  });
}

/** Joins pieces into one buffer, with others served in between where they are large. Empties the list. */
async function join(pieces: Buffer[]): Promise<Buffer> {
  const [only] = pieces;
  if (only && pieces.length === 1) {
    return only;
  }
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length <= JOINED_BYTES) {
    return Buffer.concat(pieces, length);
  }
  const whole = Buffer.allocUnsafeSlow(length);
  let pauseAt = JOINED_BYTES;
  let at = 0;
  for (let index = 0; index < pieces.length; index++) {
    at += pieces[index]?.copy(whole, at) ?? 0;
    pieces[index] = Buffer.alloc(0);
    if (at >= pauseAt) {
      pauseAt = at + JOINED_BYTES;
      await setImmediate();
    }
  }
  return whole;
}

function tooLarge({ limitBytes, holds }: BodyBounds): RequestFailure {
  return new RequestFailure(
    'PAYLOAD_TOO_LARGE',
    `Request body is larger than the limit of ${limitBytes} bytes, which leaves room for ${holds}`,
  );
}

function unreadable(message: string): RequestFailure {
  return new RequestFailure('INVALID_REQUEST', `Request body cannot be read: ${message}`);
}
