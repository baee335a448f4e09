/**
 * One client's connection: HTTP/1.1 with keep-alive over a plain socket. `node:http` would cost the processors, which
 * the load shares with the server, three times as much.
 */
import { connect } from 'node:net';

const HEAD_END = '\r\n\r\n';
/** The server closes connections that have been idle for 5 s: one that might just be closing is not used. */
const MAX_IDLE_MS = 2_000;
const ANSWER_TIMEOUT_MS = 60_000;

/** Returns the bytes of a POST /execute. @param {string[]} headers more lines of its head */
export function executeRequest(script, headers = []) {
  const body = Buffer.from(JSON.stringify({ script }));
  const head = [
    'POST /execute HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...headers,
  ];
  return Buffer.concat([Buffer.from(head.join('\r\n') + HEAD_END), body]);
}

/**
 * Executes a script once, on a connection of its own.
 * @throws Error when the answer is not 200
 */
export async function executeOnce(port, script, headers) {
  const connection = new Connection(port);
  const { status, body } = await connection.exchange(executeRequest(script, headers));
  connection.close();
  if (status !== 200) {
    throw new Error(`A script of the benchmark was answered with ${status}: ${body.toString()}`);
  }
}

/** Returns the bytes of a GET. */
export function getRequest(path) {
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1${HEAD_END}`);
}

/** Sends one request at a time; connects anew when the connection before is gone. */
export class Connection {
  #port;
  #localAddress;
  #socket = null;
  #usedAt = 0;
  #pending = null;
  #pieces = [];
  #received = 0;
  #answer = null;

  /** @param localAddress of loopback: who the service takes this client for */
  constructor(port, localAddress) {
    this.#port = port;
    this.#localAddress = localAddress;
  }

  /**
   * Sends a request and waits for its answer.
   * @returns {Promise<{ status: number, retryAfterSeconds: number, body: Buffer }>} rejects when the connection is lost
   */
  exchange(request) {
    if (this.#socket && performance.now() - this.#usedAt > MAX_IDLE_MS) {
      this.close();
    }
    this.#socket ??= this.#connect();
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #connect() {
    const socket = connect({
      ...{ port: this.#port, host: '127.0.0.1', noDelay: true },
      ...(this.#localAddress && { localAddress: this.#localAddress }),
    });
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('data', (chunk) => this.#take(chunk));
    let cause = 'closed by the server';
    socket.on('error', (error) => (cause = error.message));
    socket.on('close', () => {
      if (this.#socket === socket) {
        this.#socket = null;
        this.#settle((pending) => pending.reject(new Error(`the connection was lost: ${cause}`)));
      }
    });
    return socket;
  }

  #take(chunk) {
    this.#pieces.push(chunk);
    this.#received += chunk.length;
    this.#answer ??= this.#readHead();
    if (this.#answer && this.#received >= this.#answer.end) {
      const { status, retryAfterSeconds, start, end } = this.#answer;
      const body = this.#whole().subarray(start, end);
      this.#usedAt = performance.now();
      this.#settle((pending) => pending.resolve({ status, retryAfterSeconds, body }));
    }
  }

  #readHead() {
    const data = this.#whole();
    const headEnd = data.indexOf(HEAD_END);
    if (headEnd < 0) {
      return null;
    }
    const head = data.latin1Slice(0, headEnd);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1];
    if (length === undefined) {
      this.#socket.destroy(new Error('an answer without Content-Length'));
      return null;
    }
    const start = headEnd + HEAD_END.length;
    return {
      status: Number(head.slice(9, 12)),
      retryAfterSeconds: Number(/^retry-after: *(\d+)/im.exec(head)?.[1] ?? 0),
      start,
      end: start + Number(length),
    };
  }

  #whole() {
    if (this.#pieces.length > 1) {
      this.#pieces = [Buffer.concat(this.#pieces)];
    }
    return this.#pieces[0];
  }

  #settle(how) {
    const pending = this.#pending;
    this.#pending = this.#answer = null;
    this.#pieces = [];
    this.#received = 0;
    if (pending) {
      how(pending);
    }
  }
}
