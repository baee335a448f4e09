import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from './eventually';
import { freePort } from './free-port';

const PROGRAMS = ['/usr/sbin/haproxy', '/usr/bin/haproxy'];
/** The configuration that is deployed. */
const FILE = resolve(__dirname, '../../../../infra/balancer/haproxy.cfg');
const BIND = 'bind :8080\n';
const SERVERS = 'server-template api 16 api:8080 resolvers names init-addr none\n';

const running = new Set<ChildProcess>();
// Should the tests end first, it goes with them.
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** What it says of one replica. */
export interface ReplicaFigures {
  readonly name: string;
  readonly isUp: boolean;
  /** Requests that it was given, and of these those that were sent again, to it or to another. */
  readonly requests: number;
  readonly repeated: number;
}

/** HAProxy with the configuration of the deployment: only its port and the replicas' addresses are others. */
export class Balancer {
  private log = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
  }

  /** @param ports of the replicas, on loopback; they need not be there yet */
  static async start(ports: readonly number[]): Promise<Balancer> {
    const program = PROGRAMS.find((file) => existsSync(file));
    if (program === undefined) throw new Error('haproxy is missing: apt-get install haproxy');
    const folder = mkdtempSync(join(tmpdir(), 'pycell-balancer-'));
    const port = await freePort();
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(file, configurationFor(port, ports));
    // What it counts is told here only.
    const more = join(folder, 'statistics.cfg');
    writeFileSync(more, `global\n  stats socket ${join(folder, 'statistics')} mode 600 level user\n`);
    const child = spawn(program, ['-db', '-f', file, '-f', more], { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    child.once('close', () => running.delete(child));
    const balancer = new Balancer(child, folder, `http://127.0.0.1:${port}`);
    await eventually(
      async () => (await fetch(`${balancer.url}/balancer/health`).catch(() => null))?.status ?? balancer.log,
      (status) => status === 200,
    );
    return balancer;
  }

  /** What it wrote: requests that went wrong, replicas that came and went. */
  get messages(): string {
    return this.log;
  }

  /** Waits until it takes a replica for ready, or not. @param index as in the ports */
  async sees(index: number, isUp: boolean): Promise<void> {
    await eventually(
      async () => (await this.figures())[index]?.isUp,
      (seen) => seen === isUp,
      60_000,
    );
  }

  async figures(): Promise<readonly ReplicaFigures[]> {
    const [head = '', ...lines] = (await this.ask('show stat')).trim().split('\n');
    const names = head.replace(/^# /, '').split(',');
    const rows = lines.map(
      (line) => new Map(line.split(',').map((value, column) => [names[column] ?? '', value])),
    );
    return rows
      .filter((row) => row.get('pxname') === 'api' && row.get('svname') !== 'BACKEND')
      .map((row) => ({
        name: row.get('svname') ?? '',
        isUp: row.get('status')?.startsWith('UP') === true,
        requests: Number(row.get('stot')),
        repeated: Number(row.get('wretr')) + Number(row.get('wredis')),
      }));
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }

  private ask(command: string): Promise<string> {
    return new Promise((done, failed) => {
      let text = '';
      connect(join(this.folder, 'statistics'))
        .setEncoding('utf8')
        .on('data', (piece: string) => (text += piece))
        .once('error', failed)
        .once('close', () => done(text))
        .end(`${command}\n`);
    });
  }
}

function configurationFor(port: number, ports: readonly number[]): string {
  const servers = ports.map((each, index) => `server api-${index + 1} 127.0.0.1:${each}\n`).join('  ');
  return [
    [BIND, `bind 127.0.0.1:${port}\n`],
    [SERVERS, servers],
  ].reduce(
    (text, [from = '', to = '']) => {
      if (!text.includes(from)) throw new Error(`${FILE} has no line "${from.trim()}"`);
      return text.replace(from, to);
    },
    readFileSync(FILE, 'utf8'),
  );
}
