import { createServer, type Server, type Socket } from 'node:net';
import { Logger } from '@nestjs/common';
import type { WithoutRedis } from '../configuration/rates-options';
import { Secret } from '../configuration/secret';
import { createRedisClient } from '../redis/redis-client';
import { SharedCounter } from './shared-counter';

const RATE = { requests: 3, seconds: 60 };
const PASSWORD = 'a password that nobody may see';

/** A server that talks like Redis as far as it is told to. */
class ScriptedRedis {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  /** What it answers to EVALSHA; null: nothing. */
  count: string | null = '*2\r\n:1\r\n:60000\r\n';
  hello = '%1\r\n+proto\r\n:3\r\n';
  asked = 0;

  constructor() {
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (data) => this.answer(socket, data.toString('latin1')));
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  close(): void {
    this.sockets.forEach((socket) => socket.destroy());
    this.server.close();
  }

  private answer(socket: Socket, text: string): void {
    for (const [, name = ''] of text.matchAll(/(?<=^|\n)\*\d+\r\n\$\d+\r\n([a-z]+)\r\n/gi)) {
      if (name === 'evalsha') {
        this.asked++;
        socket.write(this.count ?? '');
      } else if (name === 'hello') {
        socket.write(this.hello);
      } else {
        socket.write(name === 'info' ? '$9\r\nloading:0\r\n' : '+OK\r\n');
      }
    }
  }
}

describe('SharedCounter', () => {
  let redis: ScriptedRedis;
  let counter: SharedCounter;
  let port: number;
  const lines: string[] = [];

  async function start(without: WithoutRedis): Promise<void> {
    const client = createRedisClient({
      host: '127.0.0.1',
      port,
      tls: false,
      username: null,
      password: new Secret(PASSWORD),
      database: 0,
    });
    counter = new SharedCounter(client, without);
    await counter.start();
  }

  beforeEach(async () => {
    lines.length = 0;
    const write = (message: unknown): number => lines.push(String(message));
    Logger.overrideLogger({ log: write, warn: write, error: write });
    redis = new ScriptedRedis();
    port = await redis.listen();
  });

  afterEach(() => {
    counter.stop();
    redis.close();
    Logger.overrideLogger(false);
  });

  it('tells what Redis tells', async () => {
    await start('closed');
    redis.count = '*2\r\n:3\r\n:1500\r\n';
    await expect(counter.take('a', RATE)).resolves.toEqual({ isAllowed: true, remaining: 0, resetMs: 1_500 });
    redis.count = '*2\r\n:4\r\n:1500\r\n';
    await expect(counter.take('a', RATE)).resolves.toEqual({
      isAllowed: false,
      remaining: 0,
      resetMs: 1_500,
    });
    expect(lines).toEqual([]);
    expect(counter.isShared).toBe(true);
    redis.count = ':1\r\n';
    await counter.take('a', RATE);
    expect(counter.isShared).toBe(false);
  });

  it.each([
    ['a number that is too large', '*2\r\n:5\r\n:60000\r\n'],
    ['a negative number', '*2\r\n:-1\r\n:60000\r\n'],
    ['a window that never ends', '*2\r\n:1\r\n:60001\r\n'],
    ['a window that has ended', '*2\r\n:1\r\n:0\r\n'],
    ['text', '*2\r\n$1\r\n1\r\n$5\r\n60000\r\n'],
    ['one number', ':1\r\n'],
    ['nothing', '*0\r\n'],
    ['three numbers', '*3\r\n:1\r\n:60000\r\n:1\r\n'],
    ['null', '_\r\n'],
    ['bytes that are no answer', 'x\r\n\r\n\0'],
    ['a replica that may not be written', '-READONLY You can not write against a read only replica.\r\n'],
    ['a memory that is full', '-OOM command not allowed when used memory > maxmemory.\r\n'],
  ])('takes Redis for gone when it answers %s', async (_name, answer) => {
    await start('closed');
    redis.count = answer;
    await expect(counter.take('a', RATE)).resolves.toBeNull();
    expect(lines).toEqual([
      expect.stringMatching(/^Redis is gone \([A-Z_ a-z]+\): who has a rate is refused/),
    ]);
  });

  it('waits for an answer once, and for none while there is none', async () => {
    await start('open');
    redis.count = null;
    const before = performance.now();
    await expect(counter.take('a', RATE)).resolves.toMatchObject({ isAllowed: true, remaining: 2 });
    expect(performance.now() - before).toBeLessThan(1_000);
    const { asked } = redis;
    expect(counter.take('a', RATE)).toMatchObject({ isAllowed: true, remaining: 1 });
    expect(redis.asked).toBe(asked);
    expect(lines).toEqual([
      expect.stringMatching(/^Redis is gone \(TIMEOUT\): each instance counts for itself/),
    ]);
  });

  it('comes back by itself, and says so', async () => {
    await start('closed');
    redis.count = '-OOM command not allowed when used memory > maxmemory.\r\n';
    await counter.take('a', RATE);
    redis.count = '*2\r\n:1\r\n:60000\r\n';
    const latest = Date.now() + 4_000;
    while (lines.length < 2 && Date.now() < latest) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(lines[1]).toMatch(/^Redis is back/);
    await expect(counter.take('a', RATE)).resolves.toMatchObject({ isAllowed: true });
  });

  it('says why it is not let in, and nothing of the password', async () => {
    redis.hello = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';
    await start('open');
    expect(lines).toEqual([expect.stringMatching(/^Redis is gone \(WRONGPASS\)/)]);
    expect(lines.join()).not.toContain(PASSWORD);
    expect(counter.take('a', RATE)).toMatchObject({ isAllowed: true });
  });

  it('starts where nobody listens', async () => {
    redis.close();
    await start('closed');
    expect(lines).toEqual([expect.stringMatching(/^Redis is gone \(ECONNREFUSED\)/)]);
    expect(counter.take('a', RATE)).toBeNull();
  });
});
