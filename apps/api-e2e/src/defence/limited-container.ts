import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { INSTALLATION, type Environment } from '../harness/api-server';
import { HttpClient } from '../harness/http-client';
import { INSTALLED } from '../harness/installed-sandbox';

/** More than service, zygotes and a run at its limit need; far less than a script without limits would take. */
const MEMORY_BYTES = 1_500 * 1024 * 1024;
const MAX_PROCESSES = 400;
const SCRATCH_BYTES = 256 * 1024 * 1024;
const PORT = 8080;
const RUNC_SECONDS = 30;
const RUNC = ['/usr/sbin/runc', '/usr/bin/runc'].find((path) => existsSync(path));
/** The container's only folder that is shared with this process: the plan, and the socket to the service. */
const SHARED = '/shared';
const INSIDE = join(INSTALLATION, 'apps/api-e2e/src/defence/inside-container.cjs');
/** Programs and libraries of the host; links on a system with a merged /usr. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib64'].filter((path) => existsSync(path));
/** What an image of the service runs as root with, and no power over the machine: not CAP_SYS_BOOT, SYS_MODULE, SYS_TIME. */
const CAPABILITIES = [
  ...['CAP_CHOWN', 'CAP_DAC_OVERRIDE', 'CAP_FOWNER', 'CAP_KILL', 'CAP_SETGID', 'CAP_SETUID', 'CAP_SETPCAP'],
  ...['CAP_SETFCAP', 'CAP_SYS_ADMIN', 'CAP_SYS_CHROOT', 'CAP_MKNOD', 'CAP_NET_ADMIN'],
];

/** How the throw-away copy differs from what is installed. Paths are those of the installation. */
export interface CopyChanges {
  readonly appends: readonly { readonly file: string; readonly lines: string }[];
  readonly edits: readonly {
    readonly file: string;
    readonly pattern: string;
    readonly replacement: string;
  }[];
  /** A program in the place of nsjail. */
  readonly launcher?: string;
}

/** Why this host cannot make such containers; empty where it can. */
export function containerFault(): string {
  if (process.getuid?.() !== 0) {
    return 'containers with limits need root';
  }
  return RUNC === undefined ? 'runc is not installed (Debian: runc)' : '';
}

/**
 * The service as root in a container of runc: memory and processes are limited, there is no network, the host's files are
 * read-only, and what is written to the copy of the installation goes away with it. For jails that lack a layer.
 */
export class LimitedContainer {
  private output = '';

  private constructor(
    private readonly folder: string,
    private readonly id: string,
    private readonly runc: ChildProcess,
    readonly client: HttpClient,
  ) {
    for (const stream of [runc.stdout, runc.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Starts one. The service in there may never listen: `log` tells why. */
  static start(environment: Environment, changes: CopyChanges): LimitedContainer {
    const folder = mkdtempSync(join(tmpdir(), 'pycell-layer-'));
    const id = folder.slice(folder.lastIndexOf('/') + 1);
    const shared = join(folder, 'shared');
    [shared, join(folder, 'rootfs')].forEach((path) => mkdirSync(path));
    const plan = {
      installation: INSTALLATION,
      port: PORT,
      copied: copiedFolders(),
      environment: {
        ...environment,
        SANDBOX_ROOT: INSTALLED.sandboxRoot,
        NSJAIL_PATH: changes.launcher === undefined ? INSTALLED.nsjail : '/scratch/nsjail',
      },
      ...changes,
    };
    writeFileSync(join(shared, 'plan.json'), JSON.stringify(plan));
    writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration(id, shared)));
    const runc = spawn(RUNC ?? 'runc', ['--root', join(folder, 'state'), 'run', '--bundle', folder, id], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const client = new HttpClient(`http://127.0.0.1:${PORT}`, join(shared, 'service.sock'));
    return new LimitedContainer(folder, id, runc, client);
  }

  get hasEnded(): boolean {
    return this.runc.exitCode !== null || this.runc.signalCode !== null;
  }

  /** What the service and runc have written. */
  get log(): string {
    return this.output;
  }

  /** Kills everything in it and removes what it left. */
  async stop(): Promise<void> {
    this.client.close();
    const ended = this.hasEnded ? Promise.resolve() : once(this.runc, 'exit');
    spawnSync(RUNC ?? 'runc', ['--root', join(this.folder, 'state'), 'delete', '--force', this.id], {
      timeout: RUNC_SECONDS * 1000,
    });
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The checkout, and what the set-up had to put elsewhere. */
function copiedFolders(): string[] {
  const outside = [INSTALLED.sandboxRoot].filter((path) => !path.startsWith(`${INSTALLATION}/`));
  return [INSTALLATION, ...outside];
}

/** What runc is told (the runtime specification of the OCI). */
function configuration(id: string, shared: string): object {
  const nsjail = dirname(dirname(dirname(INSTALLED.nsjail)));
  const node = dirname(dirname(process.execPath));
  const readable = [...SYSTEM, node, nsjail, ...copiedFolders()].filter(
    (path, index, all) => !all.slice(0, index).some((other) => `${path}/`.startsWith(`${other}/`)),
  );
  const bind = (source: string, destination: string, access: string): object => ({
    ...{ type: 'bind', source, destination },
    options: ['rbind', access, 'nosuid', 'nodev', 'rprivate'],
  });
  const memory = (destination: string): object => ({
    ...{ type: 'tmpfs', source: 'tmpfs', destination },
    options: [`size=${SCRATCH_BYTES}`, 'mode=1777', 'nosuid'],
  });
  const capabilities = Object.fromEntries(
    ['bounding', 'effective', 'permitted'].map((set) => [set, CAPABILITIES]),
  );
  return {
    ociVersion: '1.0.2',
    hostname: 'layer',
    root: { path: 'rootfs' },
    process: {
      args: [process.execPath, INSIDE, SHARED],
      cwd: '/',
      env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin'],
      user: { uid: 0, gid: 0 },
      capabilities,
    },
    mounts: [
      { type: 'proc', source: 'proc', destination: '/proc' },
      { type: 'tmpfs', source: 'tmpfs', destination: '/dev', options: ['nosuid', 'mode=755', 'size=65536'] },
      ...['/tmp', '/scratch'].map(memory),
      ...readable.map((path) => bind(path, path, 'ro')),
      bind(shared, SHARED, 'rw'),
    ],
    linux: {
      namespaces: ['pid', 'mount', 'ipc', 'uts', 'network'].map((type) => ({ type })),
      cgroupsPath: `/${id}`,
      resources: {
        memory: { limit: MEMORY_BYTES, swap: MEMORY_BYTES },
        pids: { limit: MAX_PROCESSES },
        devices: [{ allow: false, access: 'rwm' }],
      },
    },
  };
}
