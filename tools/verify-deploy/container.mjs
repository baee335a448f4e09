/** One container, in a network of its own with nothing but loopback: no port of this machine is used. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runFor } from './programs.mjs';
import { podman, tryPodman } from './storage.mjs';

const ASK = fileURLToPath(new URL('ask.mjs', import.meta.url));
const START_SECONDS = 60;
const STOP_SECONDS = 40;

/** See the settings in `storage.mjs` for more. */
const HERE = [
  ...['--pull', 'never'],
  // Podman's own would need systemd; the step runs the image's health check itself.
  '--no-healthcheck',
  // Podman would put memory over more folders of a read-only root than Docker does.
  '--read-only-tmpfs=false',
];

const started = new Set();
let count = 0;

/** Removes every container of this call. */
export async function removeContainers() {
  for (const container of [...started].reverse()) {
    await container.remove();
  }
}

export class Container {
  /**
   * Starts a container and returns it at once, ready or not.
   * @param image its name
   * @param options arguments of `podman run`, as Docker would be given them
   * @param environment variables
   * @param inNetworkOf another container whose network it shares
   */
  static async start(image, { options = [], environment = {}, inNetworkOf, command = [] } = {}) {
    const name = `pycell-verify-${process.pid}-${++count}`;
    const container = new Container(name);
    started.add(container);
    await podman(START_SECONDS, [
      ...['run', '--detach', '--name', name, ...HERE],
      ...['--network', inNetworkOf ? `container:${inNetworkOf.name}` : 'none'],
      ...options,
      ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      ...[`localhost/${image}`, ...command],
    ]);
    return container;
  }

  /** Takes over a container that podman has started for somebody else, such as of a pod. */
  static adopt(name) {
    return new Container(name);
  }

  constructor(name) {
    this.name = name;
  }

  async inspect() {
    return JSON.parse(await podman(30, ['container', 'inspect', this.name]))[0];
  }

  /** Of its first process, as this machine sees it. */
  async pid() {
    const { Pid: pid, Status: status } = (await this.inspect()).State;
    if (!pid) {
      throw new Error(`${this.name} is ${status}:\n${await this.log()}`);
    }
    return pid;
  }

  /** What /proc tells of its first process. */
  async processStatus() {
    const text = readFileSync(`/proc/${await this.pid()}/status`, 'utf8');
    return Object.fromEntries(
      text
        .trim()
        .split('\n')
        .map((line) => line.split(/:\s*/)),
    );
  }

  async log() {
    const { output } = await tryPodman(30, ['logs', this.name]);
    return output;
  }

  /** Runs a program in it; returns { status, output }. */
  execute(command) {
    return tryPodman(60, ['exec', this.name, ...command]);
  }

  /** Runs a program of this machine in its network; returns { status, output }. */
  async runInNetwork(seconds, command, options) {
    return runFor(seconds, 'nsenter', ['--target', String(await this.pid()), '--net', ...command], options);
  }

  /** Asks an address in its network; returns { status, headers, body, at }, status 0 where nobody answers. */
  async ask(url, request = {}) {
    const argument = JSON.stringify({ url, ...request });
    const seconds = 60 + (request.withinMs ?? 0) / 1000;
    const { output } = await this.runInNetwork(seconds, [process.execPath, ASK, argument]);
    return JSON.parse(output);
  }

  /** Waits for a status; returns the milliseconds from the container's start. @throws Error when it does not come */
  async waitFor(url, status, withinMs) {
    const answer = await this.ask(url, { until: status, withinMs });
    if (answer.status !== status) {
      throw new Error(
        `${url} answers ${answer.status} after ${withinMs} ms: ${answer.body.slice(0, 500)}\n${(await this.log()).slice(0, 3_000)}`,
      );
    }
    return answer.at - Date.parse((await this.inspect()).State.StartedAt);
  }

  async runScript(url, script) {
    const answer = await this.ask(`${url}/execute`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ script }),
    });
    return { ...answer, body: JSON.parse(answer.body) };
  }

  /** Stops it as Docker does: SIGTERM, and SIGKILL after a while. Returns its exit code. */
  async stop(graceSeconds = 20) {
    await podman(STOP_SECONDS, ['stop', '--time', String(graceSeconds), this.name]);
    return (await this.inspect()).State.ExitCode;
  }

  async remove() {
    started.delete(this);
    await tryPodman(STOP_SECONDS, ['rm', '--force', '--volumes', '--time', '2', this.name]);
  }
}
