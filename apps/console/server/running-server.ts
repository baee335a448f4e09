import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request, type RequestOptions } from 'node:http';
import { join } from 'node:path';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The console's server in a process of its own, as it is started everywhere. */
export class RunningServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  /** @throws Error with what the server said when it ends instead of listening */
  static start(environment: Readonly<Record<string, string>>): Promise<RunningServer> {
    const child = spawn(process.execPath, [join(__dirname, 'serve.mjs')], {
      env: { CONSOLE_PORT: '0', ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8');
    return new Promise((resolve, reject) => {
      child.stderr.on('data', (piece: string) => {
        said += piece;
        const port = /^pycell console on http:\/\/\S+:(\d+) /m.exec(said)?.[1];
        if (port !== undefined) resolve(new RunningServer(child, Number(port)));
      });
      child.once('close', () => reject(new Error(said)));
    });
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

  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    this.child.kill('SIGTERM');
    const [code] = (await once(this.child, 'exit')) as [number | null];
    return code;
  }
}
