import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import { HttpClient } from './http-client';

/** The installation under test: this checkout, or what PYCELL_INSTALLATION names (the folder that holds `dist/`). */
export const INSTALLATION = resolve(process.env['PYCELL_INSTALLATION'] ?? resolve(__dirname, '../../../..'));
const SERVER_FILE = 'dist/apps/api/main.js';

const START_TIMEOUT_MS = 30_000;
/** From listening to readiness; a sandbox that works needs a second. */
const READY_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 30_000;
const START_LINE = /^pycell API on (http:\/\/\S+) \(/m;

/** Variables of the caller that say where the sandbox is; no other variable reaches the server. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'NSJAIL_PATH', 'SANDBOX_ROOT', 'PYTHON'] as const;

export type Environment = Readonly<Record<string, string>>;

/** Another installation than the one under test, or another user than the one who tests. */
export interface ServerIdentity {
  readonly installation?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** How a server process ended. */
export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server process that may or may not come up, with everything it says. */
export class ServerProcess {
  private readonly pieces = { stdout: '', stderr: '' };
  readonly exited: Promise<ServerExit>;
  private readonly child: ChildProcess;

  constructor(environment: Environment, { installation = INSTALLATION, ...ids }: ServerIdentity = {}) {
    const base = Object.fromEntries(
      PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ) as Environment;
    this.child = spawn(process.execPath, [resolve(installation, SERVER_FILE)], {
      ...ids,
      cwd: installation,
      env: { ...base, PORT: '0', HOST: '127.0.0.1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = this.child[name];
      stream?.setEncoding('utf8');
      stream?.on('data', (text: string) => {
        this.pieces[name] += text;
      });
    }
    this.exited = new Promise((settle) => {
      this.child.once('close', (code, signal) => settle({ code, signal }));
    });
    // Should the test process itself end first, its server goes with it.
    const endWithTests = (): void => void this.child.kill('SIGKILL');
    process.once('exit', endWithTests);
    void this.exited.then(() => process.off('exit', endWithTests));
  }

  get pid(): number {
    if (this.child.pid === undefined) {
      throw new Error('the server process could not be started');
    }
    return this.child.pid;
  }

  /** Everything the server wrote so far, its log included. */
  get log(): string {
    return this.pieces.stdout + this.pieces.stderr;
  }

  get stderr(): string {
    return this.pieces.stderr;
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
}

/** A server of BUILD=local or BUILD=cloud that listens on a free port. */
export class ApiServer {
  private constructor(
    readonly process: ServerProcess,
    readonly client: HttpClient,
  ) {}

  /**
   * Starts a server and waits until it can execute scripts.
   * @throws Error with the server's log when it does not come up in time.
   */
  static async start(environment: Environment, identity?: ServerIdentity): Promise<ApiServer> {
    const server = await ApiServer.listen(environment, identity);
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while ((await server.client.get(API_PATHS.ready)).status !== 200) {
      if (Date.now() > deadline) {
        await server.stop();
        throw new Error(`the server did not become ready:\n${server.log}`);
      }
      await delay(100);
    }
    return server;
  }

  /** Starts a server and waits until it listens, whether or not its sandbox works. */
  static async listen(environment: Environment, identity?: ServerIdentity): Promise<ApiServer> {
    const process = new ServerProcess(environment, identity);
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      const url = START_LINE.exec(process.stderr)?.[1];
      if (url) {
        return new ApiServer(process, new HttpClient(url));
      }
      if (process.hasExited || Date.now() > deadline) {
        process.signal('SIGKILL');
        throw new Error(`the server did not start:\n${process.log}`);
      }
      await delay(20);
    }
  }

  get pid(): number {
    return this.process.pid;
  }

  get log(): string {
    return this.process.log;
  }

  /** Log lines that are JSON, parsed. */
  get logRecords(): readonly Readonly<Record<string, unknown>>[] {
    return this.log
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Ends the server in an orderly way; by force when that takes too long. */
  async stop(): Promise<ServerExit> {
    this.process.signal('SIGTERM');
    const force = setTimeout(() => this.process.signal('SIGKILL'), STOP_TIMEOUT_MS);
    const exit = await this.process.exited;
    clearTimeout(force);
    this.client.close();
    return exit;
  }
}
