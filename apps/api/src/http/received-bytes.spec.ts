import { createServer, type IncomingMessage, type Server } from 'node:http';
import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { exchangeWith } from './exchange.contract';
import { receiveBytes } from './received-bytes';

const LIMIT = 5_000_000;

let server: Server;
/** What was received, or why nothing was. */
let received: Promise<Buffer>;

beforeEach(async () => {
  server = createServer((request, response) => {
    received = receiveBytes(request, { limitBytes: LIMIT, holds: 'a script' });
    received.then(
      (bytes) => response.end(`got ${bytes.length}`),
      (error: unknown) => response.end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Sends a body and returns what was received. */
async function send(body: Buffer, encoding?: string, length = body.length): Promise<Buffer> {
  const arrived = new Promise<IncomingMessage>((resolve) => server.once('request', resolve));
  const head = `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n`;
  void exchangeWith(server, `${head}${encoding ? `Content-Encoding: ${encoding}\r\n` : ''}\r\n`, (socket) => {
    socket.write(body);
    if (length > body.length) {
      setTimeout(() => socket.destroy(), 100);
    }
  });
  await arrived;
  return received;
}

describe('receiveBytes', () => {
  it.each([1, 1_000, 200_000, LIMIT])('receives a body of %d bytes', async (size) => {
    const body = randomBytes(size);
    expect((await send(body)).equals(body)).toBe(true);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['GZIP', gzipSync],
  ])('unpacks %s', async (encoding, pack) => {
    for (const body of [Buffer.from('{}'), randomBytes(3_000_000)]) {
      expect((await send(pack(body), encoding)).equals(body)).toBe(true);
    }
  });

  it('refuses what is larger than its limit, packed or not, and says what has room', async () => {
    const refusal = {
      code: 'PAYLOAD_TOO_LARGE',
      message: `Request body is larger than the limit of ${LIMIT} bytes, which leaves room for a script`,
    };
    await expect(send(Buffer.alloc(LIMIT + 1))).rejects.toMatchObject(refusal);
    await expect(send(gzipSync(Buffer.alloc(10 * LIMIT)), 'gzip')).rejects.toMatchObject(refusal);
    await expect(send(Buffer.from('x'), undefined, LIMIT + 1)).rejects.toMatchObject(refusal);
  });

  it.each([
    [
      'snappy',
      Buffer.from('x'),
      'UNSUPPORTED_MEDIA_TYPE',
      /unsupported content encoding "snappy", send it in one of gzip/,
    ],
    ['constructor', Buffer.from('x'), 'UNSUPPORTED_MEDIA_TYPE', /unsupported content encoding/],
    [
      'gzip',
      Buffer.from('no gzip'),
      'INVALID_REQUEST',
      /^Request body cannot be read: incorrect header check$/,
    ],
    [
      'gzip',
      gzipSync('x'.repeat(100)).subarray(0, 20),
      'INVALID_REQUEST',
      /cannot be read: unexpected end of file/,
    ],
  ])('refuses %s that it cannot read', async (encoding, body, code, message) => {
    await expect(send(body, encoding)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('gives up when the client goes away', async () => {
    await expect(send(Buffer.from('half'), undefined, 8)).rejects.toMatchObject({
      message: 'Request body cannot be read: aborted',
    });
  });

  it('lets others be served while large pieces are joined', async () => {
    const body = Buffer.alloc(LIMIT);
    const arrived = send(body);
    const state = { turns: 0, isJoined: false };
    void arrived.then(() => (state.isJoined = true));
    while (!state.isJoined) {
      state.turns++;
      await setImmediate();
    }
    expect(state.turns).toBeGreaterThan(4);
  });
});
