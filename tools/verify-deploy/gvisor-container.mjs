/** An image's root inside gVisor: started by runsc, in the network of a container that only keeps it. */
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { mustRun, pathOf, runFor } from './programs.mjs';
import { inspectImage, podman, workFolder } from './storage.mjs';

const EXPORT_SECONDS = 180;
const STOP_SECONDS = 20;
const CAPABILITY_SETS = ['bounding', 'effective', 'permitted', 'inheritable', 'ambient'];

let count = 0;

/** Unpacks an image's root. Returns { root, config }: the folder, and what the image says of how to run it. */
export async function unpackImage(image) {
  const { Config: config } = await inspectImage(`localhost/${image}`);
  const root = join(workFolder('gvisor'), 'root');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const name = `pycell-verify-${process.pid}-root`;
  const archive = join(workFolder('gvisor'), 'root.tar');
  await podman(EXPORT_SECONDS, ['create', '--pull', 'never', '--name', name, `localhost/${image}`]);
  try {
    await podman(EXPORT_SECONDS, ['export', '--output', archive, name]);
    await mustRun(EXPORT_SECONDS, 'tar', [
      '--extract',
      '--numeric-owner',
      '--file',
      archive,
      '--directory',
      root,
    ]);
  } finally {
    await podman(STOP_SECONDS, ['rm', '--force', name]);
    rmSync(archive, { force: true });
  }
  return { root, config };
}

/** What runsc is told, as a runtime under Kubernetes would tell it. */
function bundleOf({ root, config }, { user, capabilities, environment }) {
  const set = { ...Object.fromEntries(config.Env.map((entry) => entry.split(/=(.*)/s))), ...environment };
  const inMemory = (destination) => ({ destination, type: 'tmpfs', source: 'tmpfs' });
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: user, gid: user },
      args: [...config.Entrypoint, ...config.Cmd],
      env: Object.entries(set).map(([name, value]) => `${name}=${value}`),
      cwd: config.WorkingDir,
      noNewPrivileges: true,
      capabilities: Object.fromEntries(CAPABILITY_SETS.map((name) => [name, capabilities])),
    },
    root: { path: root, readonly: true },
    mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }, inMemory('/dev'), inMemory('/tmp')],
    linux: { namespaces: ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })) },
  };
}

/** Has what the suites need of a container. */
export class GvisorContainer {
  /**
   * @param unpacked what unpackImage() returned
   * @param holder a container in whose network it runs
   */
  static start(unpacked, { holder, user = 1000, capabilities = [], environment = {} }) {
    const name = `pycell-verify-${process.pid}-gvisor-${++count}`;
    const bundle = join(workFolder('gvisor'), name);
    mkdirSync(bundle, { recursive: true });
    const spec = bundleOf(unpacked, { user, capabilities, environment });
    writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec, null, 2));
    return new GvisorContainer(name, bundle, holder);
  }

  constructor(name, bundle, holder) {
    this.name = name;
    this.bundle = bundle;
    this.holder = holder;
    this.logFile = join(bundle, 'log');
    this.runsc = [
      pathOf('runsc'),
      ...['--root', join(bundle, 'state'), '--network=host', '--ignore-cgroups'],
    ];
  }

  /** Starts it; returns at once, ready or not. */
  async launch() {
    // Appended to: runsc and what it starts write from ends of their own.
    const log = openSync(this.logFile, 'a');
    const command = [...this.runsc, 'run', '--bundle', this.bundle, this.name];
    this.startedAt = Date.now();
    const enter = ['--target', String(await this.holder.pid()), '--net', ...command];
    const program = spawn('nsenter', enter, { stdio: ['ignore', log, log] });
    this.ended = new Promise((resolve) => program.once('exit', resolve));
  }

  log() {
    return Promise.resolve(readFileSync(this.logFile, 'utf8'));
  }

  ask(url, request) {
    return this.holder.ask(url, request);
  }

  runScript(url, script) {
    return this.holder.runScript(url, script);
  }

  runInNetwork(seconds, command, options) {
    return this.holder.runInNetwork(seconds, command, options);
  }

  /** Waits for a status; returns the milliseconds from the start. @throws Error when it does not come */
  async waitFor(url, status, withinMs) {
    const answer = await this.ask(url, { until: status, withinMs });
    if (answer.status !== status) {
      throw new Error(`${url} answers ${answer.status} after ${withinMs} ms:\n${await this.log()}`);
    }
    return answer.at - this.startedAt;
  }

  async remove() {
    const [file, ...args] = this.runsc;
    await runFor(STOP_SECONDS, file, [...args, 'kill', '--all', this.name, 'KILL']);
    await Promise.race([this.ended, delay(STOP_SECONDS * 1000, undefined, { ref: false })]);
    await runFor(STOP_SECONDS, file, [...args, 'delete', '--force', this.name]);
    rmSync(this.bundle, { recursive: true, force: true });
  }
}
