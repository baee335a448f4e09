import { setTimeout as delay } from 'node:timers/promises';
import { API_PATHS } from '@pycell/contracts';
import {
  API_ANNOUNCEMENT,
  INSTALLATION,
  type ServiceExit,
  ServiceProcess,
} from '../../../../tools/services/service-process.cjs';
import { PATIENCE } from '../../../../tools/services/patience.cjs';
import { HttpClient } from './http-client';

export { INSTALLATION };

/** From listening to readiness; a sandbox that works needs a second, and many where the machine has much else to do. */
const READY_TIMEOUT_MS = 45_000 * Math.min(PATIENCE, 2);

/** From spawning to listening, on a machine that does nothing else. */
const QUIET_START_MS = 1_500;

export type Environment = Readonly<Record<string, string>>;

/** Another installation than the one under test, another user than the one who tests, or another way to start it. */
export interface ServerIdentity {
  readonly installation?: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Program and arguments that become the server: the server's own command line is put behind them. */
  readonly launcher?: readonly string[];
  readonly nodeArguments?: readonly string[];
}

/** A server process that may or may not come up, with everything it says. */
export class ServerProcess extends ServiceProcess {
  constructor(environment: Environment, identity: ServerIdentity = {}) {
    super({
      script: 'dist/apps/api/main.js',
      environment: { PORT: '0', HOST: '127.0.0.1', METRICS_PORT: 'off', ...environment },
      ...identity,
    });
  }
}

/** A server of BUILD=local or BUILD=cloud that listens on a free port. */
export class ApiServer {
  private constructor(
    readonly process: ServerProcess,
    readonly client: HttpClient,
    private readonly startedInMs: number,
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
      await delay(20);
    }
    return server;
  }

  /** Starts a server and waits until it listens, whether or not its sandbox works. */
  static async listen(environment: Environment, identity?: ServerIdentity): Promise<ApiServer> {
    const process = new ServerProcess(environment, identity);
    const url = await process.announced(API_ANNOUNCEMENT);
    return new ApiServer(process, new HttpClient(url), performance.now() - process.spawnedAtMs);
  }

  /**
   * How long to wait for what may take `ms` on a quiet machine: longer where this machine is so loaded that the server's
   * own start took longer, or where CI says so; never less.
   * @param mostMs before what is waited for would come about by itself, whatever is wrong
   */
  patienceMs(ms: number, mostMs = Infinity): number {
    return Math.min(mostMs, Math.ceil(ms * Math.max(PATIENCE, this.startedInMs / QUIET_START_MS)));
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
  async stop(): Promise<ServiceExit> {
    const exit = await this.process.stop();
    this.client.close();
    return exit;
  }
}
