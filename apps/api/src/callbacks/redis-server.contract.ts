// eslint-disable-next-line no-restricted-imports -- what is tested against Redis is tested against a real one
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RedisOptions } from '../configuration/redis-options';

const running = new Set<ChildProcess>();
// Should the tests end first, their servers go with them.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** A Redis of the test's own on a port of loopback, which keeps what it has while it is stopped. */
export class RealRedis {
  private readonly folder = mkdtempSync(join(tmpdir(), 'pycell-redis-'));
  private child: ChildProcess | null = null;

  private constructor(private readonly port: number) {}

  static async start(): Promise<RealRedis> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const redis = new RealRedis(port);
    await redis.launch();
    return redis;
  }

  get options(): RedisOptions {
    return { host: '127.0.0.1', port: this.port, tls: false, username: null, password: null, database: 0 };
  }

  /** Starts it, with what it had. */
  async launch(): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const child = spawn('redis-server', [...where, '--save', '', '--appendonly', 'yes'], { stdio: 'ignore' });
    await once(child, 'spawn');
    this.child = child;
    running.add(child);
    child.once('close', () => running.delete(child));
    while (!(await this.answers())) {
      await delay(20);
    }
  }

  /** Ends it as a machine does that is switched off. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('PING\r\n'));
      socket.once('data', (answer) => {
        socket.destroy();
        resolve(answer.toString().startsWith('+PONG'));
      });
      socket.once('error', () => resolve(false));
    });
  }
}
