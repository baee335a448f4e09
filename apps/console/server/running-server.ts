import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import { CONSOLE_ANNOUNCEMENT, ROOT, ServiceProcess } from '../../../tools/services/service-process.cjs';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The console's server in a process of its own, as it is started everywhere. */
export class RunningServer {
  private constructor(
    private readonly process: ServiceProcess,
    readonly port: number,
  ) {}

  /** @throws Error with what the server said when it ends instead of listening */
  static async start(environment: Readonly<Record<string, string>>): Promise<RunningServer> {
    const process = new ServiceProcess({
      script: 'apps/console/server/serve.mjs',
      installation: ROOT,
      environment: { CONSOLE_PORT: '0', ...environment },
    });
    const url = await process.announced(CONSOLE_ANNOUNCEMENT);
    return new RunningServer(process, Number(new URL(url).port));
  }

  /** Sends one request; redirects, compression and the rest are left to the caller. */
  send(options: RequestOptions, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.port, agent: false, ...options }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces),
          }),
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send({ path, headers });
  }

  /** Everything that it wrote so far. */
  get log(): string {
    return this.process.log;
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    return (await this.process.stop()).code;
  }
}
