/**
 * A Docker engine of our own: dockerd with its socket and data in a temporary folder. Images are built in the machine's
 * network; containers run in a network namespace of the engine's own, so that bridges, published ports and iptables rules
 * are real, touch nothing on this machine, and vanish with the engine.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../services/eventually.cjs';
import { note } from '../set-up/progress.mjs';
import { mustRun, runFor } from './programs.mjs';

const START_OR_STOP_MS = 60_000;
const DOCKER_SECONDS = 900; // of the longest command, which builds an image
const TMPFS_BYTES = 6e9; // more than images, layers and stand-ins need
/** gVisor's runtime: in the container's own network namespace, without control groups of its own. */
const RUNSC = { path: '/usr/bin/runsc', runtimeArgs: ['--network=host', '--ignore-cgroups'] };
/** Neither a bridge nor a change to this machine's rules and switches. */
const WITHOUT_NETWORKS = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false'];

export class Engine {
  #process;
  #isRemoved = false;
  /** What must be done before the engine ends. */
  cleanups = [];

  /** @param folder kept when the engine is removed; undefined: a temporary one, which is not */
  constructor(folder) {
    this.isTemporary = !folder;
    this.folder = folder ?? mkdtempSync(join(tmpdir(), 'pycell-verify-deploy-'));
    this.environment = {
      ...process.env,
      DOCKER_HOST: `unix://${this.folder}/docker.sock`,
      // Not a person's own contexts and credentials.
      DOCKER_CONFIG: join(this.folder, 'docker-config'),
      // BuildKit is a plugin that Debian does not package.
      DOCKER_BUILDKIT: '0',
    };
  }

  /** A folder for files of a step. */
  work(name) {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** @param builds in the machine's network, where registries are; else with networks of its own */
  async start({ builds }) {
    await this.stop();
    assert.ok(!this.#isRemoved, 'interrupted');
    if (builds && this.isTemporary && freemem() > TMPFS_BYTES * 2) {
      // Layers are 200,000 small files, which a disk takes a minute to forget.
      await mustRun(30, 'mount', ['-t', 'tmpfs', '-o', `size=${TMPFS_BYTES}`, 'tmpfs', this.folder]);
    }
    const settings = join(this.folder, 'daemon.json');
    writeFileSync(settings, JSON.stringify({ runtimes: { runsc: RUNSC } }));
    const inOwnNetwork = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
    const command = [
      // It ends with this program, however that ends.
      ...['--pdeathsig', 'TERM', ...(builds ? [] : inOwnNetwork)],
      ...['dockerd', '--config-file', settings, '--host', this.environment.DOCKER_HOST],
      ...['--data-root', join(this.folder, 'data'), '--exec-root', join(this.folder, 'exec')],
      ...['--pidfile', join(this.folder, 'pid'), ...(builds ? WITHOUT_NETWORKS : [])],
    ];
    const logFile = join(this.folder, 'dockerd.log');
    const log = openSync(logFile, 'a');
    // Apart from the terminal: Ctrl+C must reach it after the containers are gone.
    this.#process = spawn('setpriv', command, { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const isUp = ({ status }) => status === 0 || this.#process.exitCode !== null;
    await eventually(() => this.tryDocker('version'), isUp, START_OR_STOP_MS);
    assert.equal(this.#process.exitCode, null, readFileSync(logFile, 'utf8').slice(-3_000));
  }

  async stop() {
    const engine = this.#process;
    this.#process = undefined;
    if (engine?.exitCode === null) {
      const ended = once(engine, 'exit');
      engine.kill('SIGTERM');
      setTimeout(() => engine.kill('SIGKILL'), START_OR_STOP_MS).unref();
      await ended;
    }
  }

  /** Runs the client: words in one text, then what may have spaces. @throws Error when it fails */
  docker(words, ...more) {
    return mustRun(DOCKER_SECONDS, 'docker', [...words.split(' '), ...more], { env: this.environment });
  }

  /** The same where failing is an answer: returns { status, output }. */
  tryDocker(words, ...more) {
    return runFor(DOCKER_SECONDS, 'docker', [...words.split(' '), ...more], { env: this.environment });
  }

  /** A program of this machine in the engine's network; returns { status, output }. */
  inNetwork(seconds, command, { env = this.environment, ...options } = {}) {
    const enter = ['--target', String(this.#process.pid), '--net', ...command];
    return runFor(seconds, 'nsenter', enter, { env, ...options });
  }

  async removeContainers() {
    if (this.#process) {
      const ids = (await this.docker('ps --all --quiet')).match(/^[0-9a-f]{12}$/gm) ?? [];
      await this.tryDocker('rm --force --volumes', ...ids);
      await this.tryDocker('network prune --force');
    }
  }

  /** Ends everything that was started here, and removes the data unless the folder was named by a person. */
  async remove() {
    this.#isRemoved = true;
    for (const cleanUp of [...this.cleanups, () => this.removeContainers()]) {
      // Whatever cannot be removed in order is ended with the engine.
      await cleanUp().catch((error) => note(error.message));
    }
    await this.stop();
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n').reverse();
    for (const [, path] of mounts.map((line) => line.split(' '))) {
      await (path?.startsWith(this.folder) ? runFor(30, 'umount', ['--lazy', path]) : null);
    }
    if (this.isTemporary) {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
