import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a store and Redis, and can have answers lost: what was asked is done, and nobody hears of it. */
export class CuttingProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly server: Server;
  private cutAfter: string | null = null;
  cuts = 0;

  constructor(redisPort: number) {
    this.server = createServer((client) => {
      const redis = connect(redisPort, '127.0.0.1');
      const pair = [client, redis] as const;
      this.pairs.add(pair);
      let isCut = false;
      const end = (): void => {
        this.pairs.delete(pair);
        client.destroy();
        redis.destroy();
      };
      pair.forEach((socket) => socket.on('error', () => undefined).on('close', end));
      client.on('data', (data) => {
        if (this.cutAfter !== null && data.includes(this.cutAfter)) {
          this.cutAfter = null;
          this.cuts++;
          isCut = true;
        }
        redis.write(data);
      });
      redis.on('data', (data) => {
        if (isCut) {
          end();
        } else {
          client.write(data);
        }
      });
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** The answer to the next command that has this in it is lost, and the connection with it. */
  loseAnswerTo(text: string): void {
    this.cutAfter = text;
  }

  close(): void {
    this.pairs.forEach(([client, redis]) => {
      client.destroy();
      redis.destroy();
    });
    this.server.close();
  }
}
