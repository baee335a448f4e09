// eslint-disable-next-line no-restricted-imports -- what is tested against Redis is tested against a real one
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Options with which it keeps what was written, also when it is killed. */
export const KEEPING = ['--appendonly', 'yes', '--appendfsync', 'always'] as const;

const START_TIMEOUT_MS = 10_000;

const running = new Set<ChildProcess>();
// Should the tests end first, their servers go with them; one that is stopped would stay otherwise.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A real Redis on a port of loopback; without KEEPING it keeps nothing. It can be killed, and started there again. */
export class RedisProcess {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pycell-redis-'));
  private child: ChildProcess | null = null;

  private constructor(readonly port: number) {}

  /** @throws Error with the way to install it, where this machine has none */
  static async start(options: readonly string[] = []): Promise<RedisProcess> {
    const redis = new RedisProcess(await freePort());
    await redis.launch(options);
    return redis;
  }

  /** Starts it where it was before, and waits until it answers. */
  async launch(options: readonly string[] = []): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', ''];
    const child = spawn('redis-server', [...where, ...options], { stdio: 'ignore' });
    const missing = new Promise<never>((_, reject) =>
      child.once('error', () => reject(new Error('There is no redis-server: apt-get install redis-server'))),
    );
    running.add(child);
    child.once('close', () => running.delete(child));
    this.child = child;
    await Promise.race([missing, this.answers()]);
  }

  /** Sends a command, and returns what it answers as text. */
  command(...words: readonly string[]): string {
    return execFileSync('redis-cli', ['-h', '127.0.0.1', '-p', String(this.port), ...words], {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
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

  private async answers(): Promise<void> {
    const latest = performance.now() + START_TIMEOUT_MS;
    while (!/PONG|NOAUTH/.test(this.tryPing())) {
      if (performance.now() > latest) {
        throw new Error('redis-server does not answer');
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  private tryPing(): string {
    try {
      return this.command('PING');
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
