import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually';

const PROGRAM = 'redis-server';
const MISSING = `There is no ${PROGRAM}, which this suite needs: apt-get install ${PROGRAM}`;

const running = new Set<ChildProcess>();
// Should the tests end first, their servers go with them; one that is stopped would stay otherwise.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** What makes one keep what was written, also when it is killed: options of `start` and `launch`. */
export const KEEPING = ['--appendonly', 'yes', '--appendfsync', 'always'] as const;

/** A Redis of our own on a port of loopback that keeps nothing on disk, unless it is told to. It can be killed, and started there again. */
export class RedisServer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pycell-redis-'));
  private child: ChildProcess | null = null;

  private constructor(
    readonly port: number,
    private readonly password: string,
  ) {}

  /**
   * Starts one.
   * @param options such as `['--maxmemory', '1']`
   * @throws Error with the way to install it, where this machine has none
   */
  static async start(options: readonly string[] = [], password = ''): Promise<RedisServer> {
    const server = await RedisServer.prepare(password);
    await server.launch(options);
    return server;
  }

  /** Chooses a port for one that is not started yet. */
  static async prepare(password = ''): Promise<RedisServer> {
    return new RedisServer(await freePort(), password);
  }

  /** What `REDIS_URL` is for it. */
  get url(): string {
    return this.urlWith(this.password);
  }

  urlWith(password: string): string {
    return `redis://${password === '' ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${this.port}`;
  }

  /** Starts it where it was before, with nothing in it but what it was told to keep, and waits until it answers. */
  async launch(options: readonly string[] = []): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const forgetful = ['--save', '', '--appendonly', 'no'];
    const secret = this.password === '' ? [] : ['--requirepass', this.password];
    const child = spawn(PROGRAM, [...where, ...forgetful, ...secret, ...options], { stdio: 'ignore' });
    const failed = new Promise<never>((_, reject) => child.once('error', () => reject(new Error(MISSING))));
    running.add(child);
    child.once('close', () => running.delete(child));
    this.child = child;
    const answers = eventually(
      () => this.tryCommand('PING'),
      (answer) => answer === 'PONG',
    );
    await Promise.race([failed, answers]);
  }

  /** Sends a command, and returns what it answers as text. */
  command(...words: readonly string[]): string {
    return execFileSync('redis-cli', ['-h', '127.0.0.1', '-p', String(this.port), ...words], {
      env: { ...process.env, ...(this.password !== '' && { REDISCLI_AUTH: this.password }) },
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }

  /** Of the process; null while there is none. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** @param name SIGSTOP has it hang, SIGCONT go on */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(name);
  }

  /** Kills it at once. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child?.exitCode === null && child.signalCode === null) {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await closed;
    }
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private tryCommand(...words: readonly string[]): string {
    try {
      return this.command(...words);
    } catch {
      // redis-cli fails as long as nobody listens.
      return '';
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
