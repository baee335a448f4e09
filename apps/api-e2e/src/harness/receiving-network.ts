import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { API_ANNOUNCEMENT } from '../../../../tools/services/service-process.cjs';
import { type Environment, ServerProcess } from './api-server';
import { CertificateAuthority } from './certificates';
import { eventually } from './eventually';
import type { RedisServer } from './redis-server';

/** A callback that has arrived. */
export interface ReceivedCallback {
  /** At which it arrived. */
  readonly address: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What it was answered. */
  readonly status: number;
}

interface Line {
  readonly ready?: true;
  readonly connection?: string;
  readonly request?: ReceivedCallback;
}

/** Public, and here of loopback: nothing leaves the network. */
const PUBLIC_ADDRESS = '93.184.215.14';
const PRIVATE_ADDRESS = '10.0.0.7';

/** Anybody else becomes root in a user namespace, as the jail does. */
const IS_ROOT = process.getuid?.() === 0;

export const RECEIVER = 'hooks.example.org';
/** It has a public address, and one of a private network besides. */
export const TWO_FACED = 'inside.example.org';

/** A network without any way out, in which what sends callbacks finds real names, addresses and certificates. */
export class ReceivingNetwork {
  /** Addresses that were connected to. */
  readonly connections: string[] = [];
  readonly received: ReceivedCallback[] = [];
  private readonly authority = new CertificateAuthority();
  private readonly folder = mkdtempSync(join(tmpdir(), 'pycell-network-'));
  private readonly host: ChildProcess;
  private readonly senders: ServerProcess[] = [];
  private stderr = '';
  private isReady = false;

  private constructor(redisSocket: string) {
    const resolver = join(this.folder, 'resolv.conf');
    writeFileSync(resolver, 'nameserver 127.0.0.1\n');
    const described = JSON.stringify({
      names: { [RECEIVER]: [PUBLIC_ADDRESS], [TWO_FACED]: [PUBLIC_ADDRESS, PRIVATE_ADDRESS] },
      ...this.authority.issue([RECEIVER, TWO_FACED]),
      redis: redisSocket,
    });
    const setUp = [
      'ip link set lo up',
      ...[PUBLIC_ADDRESS, PRIVATE_ADDRESS].map((address) => `ip address add ${address}/32 dev lo`),
      `mount --bind ${resolver} /etc/resolv.conf`,
      'exec "$@"',
    ].join(' && ');
    const script = join(__dirname, 'receiving-host.cjs');
    const command = ['sh', '-c', setUp, 'sh', process.execPath, script, described];
    const asRoot = IS_ROOT ? [] : ['--user', '--map-root-user'];
    this.host = spawn('unshare', [...asRoot, '--net', '--mount', ...command], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    });
    this.host.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    if (this.host.stdout) {
      createInterface(this.host.stdout).on('line', (line) => this.take(JSON.parse(line) as Line));
    }
  }

  /** @param redisSocket where a Redis listens, beside its port */
  static async start(redisSocket: string): Promise<ReceivingNetwork> {
    const network = new ReceivingNetwork(redisSocket);
    await eventually(
      () => network.isReady || network.host.exitCode !== null,
      (isOver) => isOver,
    );
    if (!network.isReady) {
      throw new Error(`There is no network for callbacks: ${network.stderr}`);
    }
    return network;
  }

  /** Starts what sends callbacks, in this network. @param redis the one whose socket the network has */
  async startSender(redis: RedisServer, environment: Environment): Promise<ServerProcess> {
    const asRoot = IS_ROOT ? [] : ['--user', '--preserve-credentials'];
    const into = ['--target', String(this.host.pid), ...asRoot, '--net', '--mount'];
    const sender = new ServerProcess(
      {
        ...environment,
        ROLE: 'callbacks',
        BUILD: 'cloud',
        REDIS_URL: redis.urlWith(redis.password).replace(/:\d+$/, ':6379'),
        NODE_EXTRA_CA_CERTS: this.authority.path,
      },
      { launcher: ['nsenter', ...into, '--'] },
    );
    this.senders.push(sender);
    await sender.announced(API_ANNOUNCEMENT);
    return sender;
  }

  async stop(): Promise<void> {
    await Promise.all(this.senders.map((sender) => sender.stop()));
    const closed = once(this.host, 'close');
    this.host.kill('SIGKILL');
    await closed;
    this.authority.remove();
    rmSync(this.folder, { recursive: true });
  }

  private take({ ready, connection, request }: Line): void {
    this.isReady ||= ready === true;
    if (connection !== undefined) {
      this.connections.push(connection);
    }
    if (request) {
      this.received.push(request);
    }
  }
}
