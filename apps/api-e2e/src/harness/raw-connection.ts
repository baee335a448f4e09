import { connect, type Socket } from 'node:net';
import type { ErrorResponse } from '@pycell/contracts';

/** A connection that sends what it is told to, and keeps what comes back. */
export class RawConnection {
  received = '';
  readonly socket: Socket;
  readonly closed: Promise<void>;

  constructor(baseUrl: string) {
    const { hostname, port } = new URL(baseUrl);
    this.socket = connect(Number(port), hostname);
    this.socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    // A server that ends a connection while more is sent resets it.
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  send(text: string): this {
    this.socket.write(text);
    return this;
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.received)?.[1] ?? 0);
  }

  get body(): ErrorResponse {
    return JSON.parse(this.received.slice(this.received.indexOf('\r\n\r\n') + 4)) as ErrorResponse;
  }
}
