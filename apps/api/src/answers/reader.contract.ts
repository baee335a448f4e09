import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Response } from 'express';

/** A client that reads when it is told to, at the other end of a real connection. */
export class Reader {
  private text = '';

  private constructor(
    private readonly server: Server,
    /** What the answer is written to. */
    readonly response: Response,
    private readonly incoming: Promise<IncomingMessage>,
  ) {}

  /** Connects, and reads nothing yet. */
  static async connect(method = 'GET'): Promise<Reader> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const served = new Promise<ServerResponse>((resolve) => {
      server.once('request', (_request, response) => resolve(response));
    });
    const incoming = new Promise<IncomingMessage>((resolve, reject) => {
      request({ port, host: '127.0.0.1', agent: false, method }, resolve).once('error', reject).end();
    });
    // Where no test waits for it.
    incoming.catch(() => undefined);
    const response = Object.assign(await served, {
      status(this: ServerResponse, code: number) {
        this.statusCode = code;
        return this;
      },
    });
    return new Reader(server, response as unknown as Response, incoming);
  }

  async headers(): Promise<IncomingMessage['headers']> {
    return (await this.incoming).headers;
  }

  /** Reads on; returns all that has come once that is enough. */
  async readUntil(isEnough: (text: string) => boolean): Promise<string> {
    const incoming = await this.incoming;
    incoming.setEncoding('utf8');
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (isEnough(this.text)) {
          incoming.pause().removeAllListeners('data');
          resolve(this.text);
        }
      };
      incoming.on('data', (piece: string) => {
        this.text += piece;
        look();
      });
      incoming.once('end', () => resolve(this.text)).once('error', reject);
      look();
      incoming.resume();
    });
  }

  /** Reads all that there is. @throws where the answer is cut */
  readAll(): Promise<string> {
    return this.readUntil(() => false);
  }

  async leave(): Promise<void> {
    (await this.incoming).destroy();
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Settles when something has come to be. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; !isSo(); attempt++) {
    if (attempt > 1_000) {
      throw new Error('it never came to be');
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
