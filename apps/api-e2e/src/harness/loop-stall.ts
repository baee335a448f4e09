import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer, type Environment } from './api-server';

/** What held the event loop of a server longest, milliseconds of CPU time of its main thread. */
export interface LoopStall {
  /** Without the collection of garbage. */
  readonly stallMs: number;
  readonly collectionMs: number;
}

/** A server whose event loop is watched from within. */
export class WatchedServer {
  private constructor(
    readonly server: ApiServer,
    private readonly folder: string,
  ) {}

  static async start(environment: Environment): Promise<WatchedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'pycell-loop-'));
    const server = await ApiServer.start({
      ...environment,
      NODE_OPTIONS: `--require ${join(__dirname, 'loop-probe.cjs')}`,
      PYCELL_LOOP_PROBE: join(folder, 'probe'),
    });
    const watched = new WatchedServer(server, folder);
    await watched.longestStall();
    return watched;
  }

  /** Returns what held the loop longest since the last question. */
  longestStall(): Promise<LoopStall> {
    return new Promise((resolve, reject) => {
      let text = '';
      connect(join(this.folder, 'probe'))
        .setEncoding('utf8')
        .on('data', (piece: string) => (text += piece))
        .on('error', reject)
        .on('end', () => resolve(JSON.parse(text) as LoopStall));
    });
  }

  /**
   * Returns the least of what `work` held the loop for, as soon as that is within `promisedMs`, of three tries at most: what
   * work costs by itself it costs each time. CPU time, too, is longer where another core of the machine has much to do.
   */
  async leastStall<T>(promisedMs: number, work: () => Promise<T>): Promise<{ answer: T; stallMs: number }> {
    let least = Infinity;
    for (let tries = 1; ; tries++) {
      await this.longestStall();
      const answer = await work();
      least = Math.min(least, (await this.longestStall()).stallMs);
      if (tries === 3 || least < promisedMs) {
        return { answer, stallMs: least };
      }
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
